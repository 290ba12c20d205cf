import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** Slides put controls beside a picture, and say in `--cb-room` how much width they leave it. */
const roomIn = (el: HTMLElement): number => {
  const room = parseFloat(getComputedStyle(el).getPropertyValue("--cb-room"));
  return Math.floor(Math.min(el.clientWidth, room || Infinity));
};

/** The width in pixels of the element that the returned ref is put on; 0 until it is laid out. */
export function useWidth<T extends HTMLElement>() {
  const ref = useRef<T>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const el = ref.current;
    if (!el) return;
    setWidth(roomIn(el));
    const observer = new ResizeObserver(() => setWidth(roomIn(el)));
    observer.observe(el);
    return () => observer.disconnect();
  }, []);
  return [ref, width] as const;
}
