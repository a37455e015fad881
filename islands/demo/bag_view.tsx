import { messages } from "../messages.ts";
import type { DemoState } from "./demo_state.ts";
import { ProductArt } from "./product_art.tsx";
import { formatPrice, PRODUCTS } from "./products.ts";
import { ShopLink } from "./shop_link.tsx";
import { DEMO_HOME } from "./shop_path.ts";

const texts = messages.demo;

/** What the bag costs, in euros. */
export function subtotalOf(bag: Record<string, number>): number {
  return PRODUCTS.reduce((sum, product) => sum + product.price * (bag[product.id] ?? 0), 0);
}

/** The bag, with a coupon button that does nothing. */
export function BagView({ state }: { state: DemoState }) {
  const bag = state.bag.value;
  const items = PRODUCTS.filter((product) => (bag[product.id] ?? 0) > 0);
  const setPieces = (id: string, pieces: number) => state.bag.value = { ...bag, [id]: pieces };
  return (
    <div class="bag">
      <ShopLink state={state} to={DEMO_HOME}>← {texts.back}</ShopLink>
      <h1>{texts.bagTitle}</h1>
      {items.length === 0 && <p class="muted">{texts.emptyBag}</p>}
      <ul class="bag-items">
        {items.map((product) => (
          <li key={product.id}>
            <ProductArt id={product.id} />
            <span class="bag-name">{product.name}</span>
            <label>
              <span class="sr-only">{texts.quantity}</span>
              <select
                class="select"
                value={String(bag[product.id])}
                onChange={(event) => setPieces(product.id, Number(event.currentTarget.value))}
              >
                {[1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => <option key={n} value={n}>{n}</option>)}
              </select>
            </label>
            <span class="bag-price">{formatPrice(product.price * (bag[product.id] ?? 0))}</span>
            <button
              type="button"
              class="button quiet"
              aria-label={`${texts.remove}: ${product.name}`}
              onClick={() => setPieces(product.id, 0)}
            >
              {texts.remove}
            </button>
          </li>
        ))}
      </ul>
      <div class="coupon">
        <label class="field">
          <span>{texts.coupon}</span>
          <input class="input" id="coupon" name="coupon" autocomplete="off" />
        </label>
        {/* Dead on purpose: nothing listens. */}
        <button type="button" class="button" id="apply-coupon" data-testid="dead-coupon">
          {texts.applyCoupon}
        </button>
      </div>
      <dl class="sums">
        <dt>{texts.subtotal}</dt>
        <dd>{formatPrice(subtotalOf(bag))}</dd>
      </dl>
      <ShopLink state={state} to="/demo/checkout" class="button primary large">
        {texts.checkout}
      </ShopLink>
    </div>
  );
}
