/**
 * How much CSS enlarges an element, as a deck of slides does: browsers measure boxes and the pointer on the screen,
 * while styles and drawings inside the element count in pixels of its own.
 */
export function zoomOf(element: Element): number {
  return (element as { currentCSSZoom?: number }).currentCSSZoom ?? 1; // browsers without it measure unzoomed
}

/** Where the pointer is in the element, in the element's own pixels. */
export function pointIn(element: Element, event: MouseEvent): readonly [number, number] {
  const box = element.getBoundingClientRect();
  const zoom = zoomOf(element);
  return [(event.clientX - box.left) / zoom, (event.clientY - box.top) / zoom];
}
