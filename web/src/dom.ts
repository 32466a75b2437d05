/**
 * Making elements. Text only ever enters the document as text nodes: nothing in this page parses
 * HTML, so it also runs under `require-trusted-types-for 'script'`.
 */

export type Child = Node | string | null | undefined | false;
type Handler = (event: never) => void;
type Props = Record<string, string | number | boolean | Handler | null | undefined>;

const kSvg = 'http://www.w3.org/2000/svg';

export function h<T extends keyof HTMLElementTagNameMap>(
  tag: T,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[T] {
  const element = document.createElement(tag);
  assign(element, props);
  element.append(...children.filter(isPresent));
  return element;
}

export function svg(tag: string, props: Props = {}, ...children: Node[]): SVGElement {
  const element = document.createElementNS(kSvg, tag) as SVGElement;
  assign(element, props);
  element.append(...children);
  return element;
}

/** Replaces all children of `element`. */
export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren(...children.filter(isPresent));
}

/** How to scroll over a distance: smoothly, unless the customer wants no motion. */
export const scrolling = (): ScrollBehavior =>
  matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth';

const isPresent = (child: Child): child is Node | string =>
  child !== null && child !== undefined && child !== false;

function assign(element: Element, props: Props): void {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name, value as EventListener);
    else element.setAttribute(name, value === true ? '' : `${value}`);
  }
}
