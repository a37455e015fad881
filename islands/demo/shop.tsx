import { messages } from "../messages.ts";
import { BagView } from "./bag_view.tsx";
import { CheckoutView } from "./checkout_view.tsx";
import type { DemoState } from "./demo_state.ts";
import { ProductArt } from "./product_art.tsx";
import { formatPrice, PRODUCTS } from "./products.ts";
import { ShopLink } from "./shop_link.tsx";
import { DEMO_HOME } from "./shop_path.ts";

const texts = messages.demo;

/** The demo shop: what a visitor would get stuck in. */
export function Shop({ state }: { state: DemoState }) {
  return (
    <section class="panel shop" aria-label={texts.shop}>
      <header class="shop-head">
        <ShopLink state={state} to={DEMO_HOME} class="shop-name">{texts.shop}</ShopLink>
        <p>{texts.tagline}</p>
        <ShopLink state={state} to="/demo/bag" class="button">
          {texts.bag(piecesIn(state))}
        </ShopLink>
      </header>
      <CurrentView state={state} />
    </section>
  );
}

function CurrentView({ state }: { state: DemoState }) {
  const view = state.view.value;
  switch (view.view) {
    case "products":
      return <ProductGrid state={state} />;
    case "product":
      return <ProductView state={state} id={view.id} />;
    case "bag":
      return <BagView state={state} />;
    case "checkout":
      return <CheckoutView state={state} />;
  }
}

function piecesIn(state: DemoState): number {
  return Object.values(state.bag.value).reduce((sum, pieces) => sum + pieces, 0);
}

function addToBag(state: DemoState, id: string): void {
  const bag = state.bag.value;
  state.bag.value = { ...bag, [id]: (bag[id] ?? 0) + 1 };
}

function ProductGrid({ state }: { state: DemoState }) {
  return (
    <ul class="products">
      {PRODUCTS.map((product) => (
        <li key={product.id} class="product">
          <ShopLink state={state} to={`/demo/product/${product.id}`} class="product-link">
            <ProductArt id={product.id} />
            <span class="product-name">{product.name}</span>
            <span class="muted">{formatPrice(product.price)}</span>
          </ShopLink>
          <button
            type="button"
            class="button"
            id={`add-${product.id}`}
            aria-label={`${texts.add}: ${product.name}`}
            onClick={() => addToBag(state, product.id)}
          >
            {texts.add}
          </button>
        </li>
      ))}
    </ul>
  );
}

function ProductView({ state, id }: { state: DemoState; id: string }) {
  const product = PRODUCTS.find((one) => one.id === id);
  if (!product) return null;
  return (
    <div class="product-view">
      <ProductArt id={id} />
      <div class="product-about">
        <ShopLink state={state} to={DEMO_HOME}>← {texts.back}</ShopLink>
        <h1>{product.name}</h1>
        <p class="product-price">{formatPrice(product.price)}</p>
        <p class="muted">{product.text}</p>
        <p class="shop-actions">
          <button
            type="button"
            class="button primary large"
            id="add-to-bag"
            onClick={() => addToBag(state, id)}
          >
            {texts.add}
          </button>
          <ShopLink state={state} to="/demo/bag" class="button large">
            {texts.bag(piecesIn(state))}
          </ShopLink>
        </p>
      </div>
    </div>
  );
}
