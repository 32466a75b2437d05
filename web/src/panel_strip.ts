/**
 * A strip of three panels with slanted gutters: focus lines, a sun in screentone, wind. Drawn
 * with the page's colour tokens (classes, not values), so it follows light and dark.
 */

import { svg } from './dom';

/** A phone has room for the first two panels only. */
const kWhole = '0 0 720 168';
const kTwoPanels = '0 0 540 168';

export function panelStrip(): SVGElement {
  const strip = svg(
    'svg',
    { class: 'strip', preserveAspectRatio: 'xMinYMid meet', 'aria-hidden': 'true' },
    panel('first', 'M2 2H236L196 166H2z', focusLines(107, 90)),
    panel('second', 'M248 2H506L538 166H208z', sunInScreentone()),
    panel('third', 'M518 2H718V166H550z', windStrokes()),
  );
  const phone = matchMedia('(max-width: 640px)');
  const fit = (): void => strip.setAttribute('viewBox', phone.matches ? kTwoPanels : kWhole);
  phone.addEventListener('change', fit);
  fit();
  return strip;
}

/** One panel: the drawing clipped to its outline, and the outline in ink. */
function panel(name: string, outline: string, drawing: SVGElement[]): SVGElement {
  const id = `strip-${name}`;
  return svg(
    'g',
    { class: id },
    svg('clipPath', { id }, svg('path', { d: outline })),
    svg('path', { class: 'strip-paper', d: outline }),
    svg('g', { 'clip-path': `url(#${id})` }, ...drawing),
    svg('path', { class: 'strip-frame', d: outline }),
  );
}

function focusLines(cx: number, cy: number): SVGElement[] {
  const count = 64;
  let d = '';
  for (let i = 0; i < count; i += 1) {
    const angle = (i / count) * 2 * Math.PI;
    const near = 46 + ((i * 37) % 23);
    const half = 0.006 + 0.016 * (((i * 13) % 7) / 7);
    d += `M${point(cx, cy, near, angle)}L${point(cx, cy, 300, angle - half)}`;
    d += `L${point(cx, cy, 300, angle + half)}z`;
  }
  return [
    svg('path', { class: 'strip-ink', d }),
    svg('path', { class: 'strip-balloon', d: 'M70 66h74v42H107l-17 17v-17H70z' }),
    ...[90, 107, 124].map((x) => svg('circle', { class: 'strip-ink', cx: x, cy: 87, r: 3.6 })),
  ];
}

const point = (cx: number, cy: number, r: number, angle: number): string =>
  `${(cx + r * Math.cos(angle)).toFixed(1)} ${(cy + r * Math.sin(angle)).toFixed(1)}`;

function sunInScreentone(): SVGElement[] {
  const dots: SVGElement[] = [svg('circle', { class: 'strip-sun', cx: 386, cy: 84, r: 47 })];
  const rows = 15;
  for (let row = 0; row < rows; row += 1) {
    const r = 0.5 + (row / rows) * 4.1;
    for (let x = 204 + (row % 2) * 5.5; x < 544; x += 11) {
      dots.push(svg('circle', { class: 'strip-tone', cx: x, cy: 84 + row * 6, r: r.toFixed(2) }));
    }
  }
  const ridge = 'M200 168L300 118 344 138 404 104 470 146 512 128 550 168z';
  return [...dots, svg('path', { class: 'strip-ridge', d: ridge })];
}

function windStrokes(): SVGElement[] {
  let d = '';
  for (let i = 0; i < 21; i += 1) {
    const y = 8 + i * 7.6;
    const from = 520 + ((i * 53) % 90);
    d += `M${from} ${y}H${from + 60 + ((i * 71) % 130)}`;
  }
  const upper = 'M510 78H642C668 78 670 44 646 44 630 44 627 60 638 64';
  const lower = 'M510 98H668C694 98 696 132 672 132 656 132 653 117 664 112';
  const gust = `${upper}${lower}`;
  return [
    svg('path', { class: 'strip-wind', d }),
    svg('path', { class: 'strip-halo', d: gust }),
    svg('path', { class: 'strip-gust', d: gust }),
  ];
}
