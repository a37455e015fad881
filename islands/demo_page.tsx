import { useEffect, useMemo } from "preact/hooks";
import { connectDemo } from "./demo/connect_demo.ts";
import { DemoFeed } from "./demo/demo_feed.tsx";
import { createDemoState, type DemoPageProps } from "./demo/demo_state.ts";
import { Shop } from "./demo/shop.tsx";
import { TryPanel } from "./demo/try_panel.tsx";

/** A shop that is broken on purpose, and beside it what Snag sees of this one visitor. */
export default function DemoPage(props: DemoPageProps) {
  const state = useMemo(() => createDemoState(props), []);
  useEffect(() => {
    const end = new AbortController();
    connectDemo(props, state, end.signal);
    return () => end.abort();
  }, []);
  return (
    <div class="demo">
      <Shop state={state} />
      {/* Our own panels are not part of the shop that is watched. */}
      <div class="demo-rail" data-snag-ignore>
        <TryPanel state={state} />
        <DemoFeed state={state} />
      </div>
    </div>
  );
}
