/** Something the demo shop sells. */
export interface Product {
  id: string;
  name: string;
  text: string;
  /** Euros. */
  price: number;
}

/** All of it. */
export const PRODUCTS: readonly Product[] = [
  {
    id: "kettle",
    name: "Gooseneck kettle",
    text: "Pours a thin, steady line. Keeps its temperature for an hour. 0.9 litres.",
    price: 89,
  },
  {
    id: "dripper",
    name: "Stoneware dripper",
    text: "Thick walls hold the heat, spiral ribs let the air out. For two cups.",
    price: 34,
  },
  {
    id: "mug",
    name: "Slow mug",
    text: "Wide at the bottom, narrow at the top, so that the last sip is still warm.",
    price: 22,
  },
  {
    id: "grinder",
    name: "Hand grinder",
    text: "Steel burrs, forty steps, thirty turns a cup. Quiet enough for six in the morning.",
    price: 119,
  },
  {
    id: "beans",
    name: "Morning blend",
    text: "Hazelnut, dark cherry, a little cocoa. Roasted on Tuesdays. 500 g, whole beans.",
    price: 18,
  },
  {
    id: "carafe",
    name: "Glass carafe",
    text: "Borosilicate, with a cork collar that stays cool. 0.6 litres.",
    price: 41,
  },
];

const euros = new Intl.NumberFormat("en", { style: "currency", currency: "EUR" });

/** A price, `€34.00`. */
export function formatPrice(price: number): string {
  return euros.format(price);
}
