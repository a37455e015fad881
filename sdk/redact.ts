const MAX_URL_CHARS = 2000;
const SECRET_PARAMETER =
  /([?&#;][^=&#;]*(?:token|key|pass|secret|auth|code|session|sid|email|phone)[^=&#;]*=)[^&#;]*/gi;
const USER_INFO = /\/\/[^/?#@]*@/;
const EMAIL = /[\w.+-]+@[\w-]+\.[a-z]{2}[\w.-]*/gi;

/** A URL without log-in data and without the values of parameters whose names look secret. */
export function redactUrl(url: string): string {
  return redactEmails(url.replace(USER_INFO, "//").replace(SECRET_PARAMETER, "$1*"))
    .slice(0, MAX_URL_CHARS);
}

/** A text in which e-mail addresses are `*`. */
export function redactEmails(text: string): string {
  return text.replace(EMAIL, "*");
}

/** A URL without query and fragment. */
export function withoutQuery(url: string): string {
  return redactUrl(url.replace(/[?#].*/s, ""));
}
