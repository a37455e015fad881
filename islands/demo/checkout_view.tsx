import { useSignal } from "@preact/signals";
import { messages } from "../messages.ts";
import { subtotalOf } from "./bag_view.tsx";
import type { DemoState } from "./demo_state.ts";
import { formatPrice } from "./products.ts";
import { ShopLink } from "./shop_link.tsx";

const texts = messages.demo;

/** A checkout in which nothing works, each thing in its own way. */
export function CheckoutView({ state }: { state: DemoState }) {
  return (
    <div class="checkout">
      <div class="checkout-top">
        <ShopLink state={state} to="/demo/bag">← {texts.bagTitle}</ShopLink>
        <h1>{texts.checkout}</h1>
      </div>
      <AddressForm />
      <div class="checkout-side">
        <Delivery />
        <Payment total={subtotalOf(state.bag.value)} />
      </div>
    </div>
  );
}

/** Fails its validation, whatever is typed. */
function AddressForm() {
  const failed = useSignal(false);
  return (
    <form
      class="card address"
      id="address-form"
      name="address"
      onSubmit={(event) => event.preventDefault()}
    >
      <h2>{texts.address}</h2>
      <label class="field">
        <span>{texts.name}</span>
        <input class="input" name="name" autocomplete="off" />
      </label>
      <label class="field">
        <span>{texts.street}</span>
        <input class="input" name="street" autocomplete="off" />
      </label>
      <label class="field">
        <span>{texts.postcode}</span>
        <input
          class="input"
          name="postcode"
          autocomplete="off"
          aria-invalid={failed.value ? "true" : undefined}
          aria-describedby="postcode-problem"
          ref={(input) => input?.setCustomValidity(texts.postcodeProblem)}
          onInvalid={() => failed.value = true}
        />
        <span id="postcode-problem" class="problem field-problem">
          {failed.value ? texts.postcodeProblem : ""}
        </span>
      </label>
      <button type="submit" class="button large" id="use-address" data-testid="failing-form">
        {texts.useAddress}
      </button>
    </form>
  );
}

/** Takes three seconds and says nothing meanwhile. */
function Delivery() {
  const result = useSignal("");
  const check = async () => {
    const response = await fetch("/demo/api/delivery_date", { method: "POST" });
    result.value = response.ok ? texts.date : texts.dateProblem;
  };
  return (
    <section class="card">
      <h2>{texts.delivery}</h2>
      <p class="delivery">
        <button
          type="button"
          class="button large"
          id="check-date"
          data-testid="slow-button"
          onClick={check}
        >
          {texts.checkDate}
        </button>
        <span role="status">{result}</span>
      </p>
    </section>
  );
}

/** One button that is dead, one that throws, one that the server refuses. */
function Payment({ total }: { total: number }) {
  const problem = useSignal("");
  const payByCard = () => {
    problem.value = "";
    const wallet: { card: { last4: string } } = JSON.parse("{}");
    // Throws on purpose: there is no card.
    problem.value = wallet.card.last4;
  };
  const payLater = async () => {
    problem.value = "";
    const response = await fetch("/demo/api/orders", { method: "POST" });
    problem.value = texts.payProblem;
    // Left unhandled on purpose, as in shops that show a sentence and forget the cause.
    throw new Error(`POST /demo/api/orders answered ${response.status}`);
  };
  return (
    <section class="card">
      <h2>{texts.payment}</h2>
      <dl class="sums">
        <dt>{texts.shipping}</dt>
        <dd>{texts.free}</dd>
        <dt>{texts.total}</dt>
        <dd class="sums-total">{formatPrice(total)}</dd>
      </dl>
      <div class="pay">
        {/* Dead on purpose: nothing listens. */}
        <button
          type="button"
          class="button primary large"
          id="pay-now"
          data-testid="dead-button"
        >
          {texts.payNow}
        </button>
        <button
          type="button"
          class="button large"
          id="pay-card"
          data-testid="broken-button"
          onClick={payByCard}
        >
          {texts.payCard}
        </button>
        <button
          type="button"
          class="button large"
          id="pay-later"
          data-testid="failing-button"
          onClick={payLater}
        >
          {texts.payLater}
        </button>
      </div>
      <p class="problem pay-problem" role="status">{problem}</p>
    </section>
  );
}
