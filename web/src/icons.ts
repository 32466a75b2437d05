/** Line icons on a 24-unit grid, drawn for this page. Decorative: buttons carry the name. */

import { svg } from './dom';

const kPaths = {
  menu: 'M4 7h16M4 12h16M4 17h10',
  close: 'M6 6l12 12M18 6L6 18',
  plus: 'M12 5v14M5 12h14',
  send: 'M12 19V6M6 11.5L12 5.5l6 6',
  stop: 'M7.5 7.5h9v9h-9z',
  copy: 'M9 9h10v11H9zM15 9V4H5v11h4',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  again: 'M19 12a7 7 0 1 1-2.2-5.1M19.5 3.5v4.2h-4.2',
  thumb_up:
    'M7.5 11v8.5h-3V11zM7.5 11l4-7c1.5 0 2.4 1.1 2.1 2.5l-.6 3h5.2c1.2 0 2 1.1 1.7 2.2L18.3 18c-.2.9-1 1.5-1.9 1.5H7.5',
  thumb_down:
    'M7.5 13V4.5h-3V13zM7.5 13l4 7c1.5 0 2.4-1.1 2.1-2.5l-.6-3h5.2c1.2 0 2-1.1 1.7-2.2L18.3 6c-.2-.9-1-1.5-1.9-1.5H7.5',
  trash: 'M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.5 10.5v5.5M13.5 10.5v5.5',
  person:
    'M12 12a3.75 3.75 0 1 0 0-7.5 3.75 3.75 0 0 0 0 7.5zM5 20c.6-3.6 3.5-5.5 7-5.5s6.4 1.9 7 5.5',
  down: 'M12 5v13M6 12.5l6 6 6-6',
  left: 'M14.5 6l-6 6 6 6',
  right: 'M9.5 6l6 6-6 6',
  chevron: 'M7 10l5 5 5-5',
  bubble: 'M5 5.5h14v10h-8L7 19v-3.5H5z',
  alert: 'M12 4.5L21 19.5H3zM12 10v4.5M12 17v.3',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2.5M12 19.5V22M2 12h2.5M19.5 12H22M5 5l2 2M17 17l2 2M5 19l2-2M17 7l2-2',
  moon: 'M19.5 14.2A8 8 0 0 1 9.8 4.5a8 8 0 1 0 9.7 9.7z',
  auto: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 4v16M12 8l5-2M12 12h8M12 16l5 2',
};

export type IconName = keyof typeof kPaths;

export function icon(name: IconName): SVGElement {
  return svg(
    'svg',
    { class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true', focusable: 'false' },
    svg('path', { d: kPaths[name] }),
  );
}

/** The shop's seal: an open balloon with three strokes of wind, in a vermilion square. */
export function seal(): SVGElement {
  return svg(
    'svg',
    { class: 'seal', viewBox: '0 0 40 40', 'aria-hidden': 'true', focusable: 'false' },
    svg('rect', { class: 'seal-ground', x: 1, y: 1, width: 38, height: 38, rx: 9 }),
    svg('path', { class: 'seal-bubble', d: 'M9 10.5h22v15.5H20l-6.5 6V26H9z' }),
    svg('path', { class: 'seal-wind', d: 'M13 15h14M17 18.4h10M22 21.8h5' }),
  );
}
