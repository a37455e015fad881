import { messages } from "../islands/messages.ts";

const texts = messages.login;

/** The form that takes a key, with what was wrong the last time. */
export function LoginForm({ next, problem }: { next: string; problem?: string }) {
  return (
    <div class="panel centered login">
      <div>
        <h1>{texts.title}</h1>
        <p class="muted">{texts.text}</p>
      </div>
      <form class="login-form" method="post" action="/login">
        <input type="hidden" name="next" value={next} />
        <label class="field">
          <span>{texts.key}</span>
          <input
            class="input mono"
            type="password"
            name="key"
            autocomplete="current-password"
            spellcheck={false}
            autofocus
            required
            aria-invalid={problem ? "true" : undefined}
            aria-describedby={problem ? "login-problem" : undefined}
          />
        </label>
        {problem && <p id="login-problem" class="problem" role="alert">{problem}</p>}
        <button class="button primary large" type="submit">{texts.submit}</button>
      </form>
      <div class="login-where">
        <h2>{texts.where}</h2>
        <p class="muted">{texts.whereFile}</p>
        <p class="muted">{texts.whereLink}</p>
      </div>
    </div>
  );
}
