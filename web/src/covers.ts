/**
 * A cover drawn for a product that has no picture: traditional colours, a pattern from the
 * language of print (screentone, focus lines, waves …), the title and a paper band with the
 * volume. Volumes of one series share colours and pattern, as on a shelf.
 */

import { h, svg } from './dom';
import { pick } from './i18n';
import type { Card } from './protocol';

/** ground, second tone, accent, lettering */
const kPalettes = [
  ['#1d3557', '#34597f', '#e9b44c', '#ffffff'],
  ['#a62b1f', '#c64b38', '#f5d6a1', '#ffffff'],
  ['#3f5638', '#5f7a53', '#f0dfa3', '#ffffff'],
  ['#47385f', '#66548a', '#f2c2cd', '#ffffff'],
  ['#eabcc2', '#f3d6d8', '#8c2f45', '#5c1a2c'],
  ['#23262e', '#434957', '#d9d3c4', '#ffffff'],
  ['#e3ad3b', '#efc874', '#7a3b16', '#4b220a'],
  ['#1c666f', '#3d868c', '#f4e9cf', '#ffffff'],
] as const;

const kWidth = 100;
const kHeight = 142;
/** Characters that fit into one vertical column at full size. */
const kShortTitle = 6;

export function cover(card: Card): HTMLElement {
  const series = card.series?.ja ?? card.series?.en ?? card.title.ja ?? card.title.en ?? card.sku;
  const hash = fnv(series);
  const [ground, tone, accent, lettering] = kPalettes[hash % kPalettes.length]!;
  const pattern = kPatterns[(hash >>> 8) % kPatterns.length]!;
  const art = svg(
    'svg',
    { viewBox: `0 0 ${kWidth} ${kHeight}`, preserveAspectRatio: 'xMidYMid slice' },
    svg('rect', { width: kWidth, height: kHeight, fill: ground }),
    ...pattern(tone, accent, hash),
  );
  const words = pick(card.series) || pick(card.title);
  const isLong = [...words].length > kShortTitle;
  const title = h('span', { class: `cover-title${isLong ? ' is-long' : ''}` }, words);
  title.style.setProperty('color', lettering);
  const band = card.volume ? h('span', { class: 'cover-band' }, `${card.volume}`) : null;
  return h('div', { class: 'cover', 'aria-hidden': 'true' }, art, title, band);
}

type Pattern = (tone: string, accent: string, hash: number) => SVGElement[];

/** Screentone: dots that grow towards the bottom. */
const screentone: Pattern = (tone, accent) => {
  const dots: SVGElement[] = [svg('circle', { cx: 42, cy: 82, r: 19, fill: accent })];
  for (let row = 0; row < 10; row += 1) {
    for (let column = 0; column < 9; column += 1) {
      const cx = column * 12 + (row % 2) * 6;
      const cy = 68 + row * 7.5;
      dots.push(svg('circle', { cx, cy, r: 0.8 + row * 0.45, fill: tone }));
    }
  }
  return dots;
};

/** Focus lines towards one point. */
const focusLines: Pattern = (tone, accent, hash) => {
  const cx = 34 + (hash % 12);
  const cy = 86;
  const rays: SVGElement[] = [];
  for (let i = 0; i < 26; i += 1) {
    const angle = (i / 26) * 2 * Math.PI + 0.06 * (i % 3);
    const half = 0.035 + 0.02 * (i % 2);
    const [near, far] = [24 + ((hash >>> (i % 16)) % 9), 170];
    const at = (r: number, a: number): string => `${cx + r * Math.cos(a)} ${cy + r * Math.sin(a)}`;
    const d = `M${at(near, angle)}L${at(far, angle - half)}L${at(far, angle + half)}z`;
    rays.push(svg('path', { d, fill: tone }));
  }
  return [...rays, svg('circle', { cx, cy, r: 13, fill: accent })];
};

/** Waves of concentric arcs. */
const waves: Pattern = (tone, accent) => {
  const arcs: SVGElement[] = [svg('circle', { cx: 34, cy: 78, r: 16, fill: accent })];
  for (let row = 0; row < 5; row += 1) {
    for (let column = -1; column < 5; column += 1) {
      const cx = column * 26 + (row % 2) * 13;
      const cy = 94 + row * 12;
      for (const r of [15, 10.5, 6]) {
        const look = { fill: 'none', stroke: tone, 'stroke-width': 2 };
        arcs.push(svg('path', { d: `M${cx - r} ${cy}a${r} ${r} 0 0 1 ${2 * r} 0`, ...look }));
      }
    }
  }
  return arcs;
};

/** Panels cut by slanted gutters. */
const panels: Pattern = (tone, accent) => [
  svg('path', { d: 'M0 70L58 60L44 108L0 118z', fill: accent }),
  svg('path', { d: 'M62 59L100 52V96L48 107z', fill: tone }),
  svg('path', { d: 'M0 122L100 100V142H0z', fill: tone, 'fill-opacity': 0.6 }),
];

/** A sun behind strokes of wind. */
const wind: Pattern = (tone, accent, hash) => {
  const strokes = [svg('circle', { cx: 40, cy: 86, r: 21, fill: accent })];
  for (let i = 0; i < 8; i += 1) {
    const x = (hash >>> i) % 40;
    const length = 38 + ((hash >>> (i + 4)) % 46);
    const look = { stroke: tone, 'stroke-width': 1.2 + (i % 3) * 0.9, 'stroke-linecap': 'round' };
    strokes.push(svg('path', { d: `M${x} ${66 + i * 7}h${length}`, ...look }));
  }
  return strokes;
};

/** Ridges in mist. */
const ridges: Pattern = (tone, accent) => [
  svg('circle', { cx: 36, cy: 74, r: 12, fill: accent }),
  svg('path', { d: 'M0 98L26 80L44 92L68 74L100 94V142H0z', fill: tone, 'fill-opacity': 0.65 }),
  svg('path', { d: 'M0 112L20 100L52 116L78 98L100 108V142H0z', fill: tone }),
];

const kPatterns = [screentone, focusLines, waves, panels, wind, ridges];

/** FNV-1a, 32 bits. */
function fnv(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193) >>> 0;
  return (hash ^ (hash >>> 15)) >>> 0;
}
