/**
 * Keeps the page inside what is really visible. Where a software keyboard covers the page
 * instead of shrinking it (iOS), the visual viewport tells the free height and its offset.
 */

export function followVisualViewport(): void {
  const viewport = window.visualViewport;
  if (!viewport) return;
  const root = document.documentElement;
  const apply = (): void => {
    if (viewport.scale > 1.01) return; // the customer is zooming in, not typing
    root.style.setProperty('--app-height', `${viewport.height}px`);
    root.style.setProperty('--app-top', `${viewport.offsetTop}px`);
  };
  viewport.addEventListener('resize', apply);
  viewport.addEventListener('scroll', apply);
  apply();
}
