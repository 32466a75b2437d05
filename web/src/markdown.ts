/**
 * Markdown that only ever grows: each chunk adds nodes, none is rebuilt, so text stays
 * selectable while it arrives. Built on streaming-markdown with our own node factory.
 *
 * The text of an answer is untrusted. Only the tags below can appear, the only attributes are
 * `href` (through safeUrl) and `start` (a number); images are dropped; HTML is text.
 */

import * as smd from 'streaming-markdown';
import { h } from './dom';
import { labelled } from './i18n';
import { safeUrl, splitBareUrl } from './links';

type Tag = keyof HTMLElementTagNameMap;

/** Headings start at h3, as the page has its own h1 and h2; models begin with # or with ###. */
const kTags: Partial<Record<number, Tag>> = {
  [smd.BLOCKQUOTE]: 'blockquote',
  [smd.PARAGRAPH]: 'p',
  [smd.LINE_BREAK]: 'br',
  [smd.RULE]: 'hr',
  [smd.HEADING_1]: 'h3',
  [smd.HEADING_2]: 'h3',
  [smd.HEADING_3]: 'h3',
  [smd.HEADING_4]: 'h4',
  [smd.HEADING_5]: 'h5',
  [smd.HEADING_6]: 'h5',
  [smd.ITALIC_AST]: 'em',
  [smd.ITALIC_UND]: 'em',
  [smd.STRONG_AST]: 'strong',
  [smd.STRONG_UND]: 'strong',
  [smd.STRIKE]: 's',
  [smd.CODE_INLINE]: 'code',
  [smd.LINK]: 'a',
  [smd.RAW_URL]: 'a',
  [smd.LIST_UNORDERED]: 'ul',
  [smd.LIST_ORDERED]: 'ol',
  [smd.LIST_ITEM]: 'li',
};

/** "snake_case": inside a word an underscore is a letter, though the parser takes it for a mark. */
const kUnderscores: Partial<Record<number, string>> = {
  [smd.ITALIC_UND]: '_',
  [smd.STRONG_UND]: '__',
};

interface Open {
  token: smd.Token;
  node: HTMLElement;
  isLiteral?: boolean;
}

export class Markdown {
  private written = 0;
  private ended = false;
  private broken = false;
  private readonly stack: Open[];
  private readonly parser: smd.Parser;

  constructor(private readonly root: HTMLElement) {
    this.stack = [{ token: smd.DOCUMENT, node: root }];
    this.parser = smd.parser({
      data: undefined,
      add_token: (_: undefined, token) => this.open(token),
      end_token: () => this.close(),
      add_text: (_: undefined, text) => this.top.node.append(text),
      set_attr: (_: undefined, attribute, value) => this.attribute(attribute, value),
    });
  }

  /** Shows the part of `text` that is new; `text` always begins with what was shown before. */
  grow(text: string): void {
    const chunk = text.slice(this.written);
    this.written = text.length;
    if (chunk !== '') this.guarded(chunk, () => smd.parser_write(this.parser, chunk));
  }

  /** Shows what was held back because more could have followed. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.guarded('', () => smd.parser_end(this.parser));
  }

  /** Text that the parser cannot digest (absurd nesting) goes on as plain text. */
  private guarded(chunk: string, write: () => void): void {
    try {
      if (!this.broken) return write();
    } catch {
      this.broken = true;
    }
    this.root.append(chunk);
  }

  private get top(): Open {
    return this.stack[this.stack.length - 1]!;
  }

  private open(token: smd.Token): void {
    if (token === smd.DOCUMENT) return;
    const parent = this.top.node;
    if (isUnderscore(token) && endsInsideWord(parent)) {
      const node = append(parent, h('span', {}, kUnderscores[token]!));
      this.stack.push({ token, node, isLiteral: true });
    } else {
      this.stack.push({ token, node: this.make(token, parent) });
    }
  }

  private make(token: smd.Token, parent: HTMLElement): HTMLElement {
    switch (token) {
      case smd.IMAGE:
        return h('span'); // never attached: its text goes nowhere
      case smd.CHECKBOX:
        return append(parent, h('span', { class: 'tick' }, '☐ '));
      case smd.CODE_BLOCK:
      case smd.CODE_FENCE:
        return append(append(parent, h('pre')), h('code'));
      case smd.TABLE:
        return append(append(parent, tableFrame()), h('table'));
      case smd.TABLE_ROW:
        return append(rowGroup(parent), h('tr'));
      case smd.TABLE_CELL:
        return append(parent, parent.parentElement?.tagName === 'THEAD' ? h('th') : h('td'));
      default:
        return append(parent, h(kTags[token] ?? 'span'));
    }
  }

  private close(): void {
    const { token, node, isLiteral } = this.stack.pop()!;
    if (isLiteral && this.parser.pending.startsWith('_')) node.append(kUnderscores[token]!);
    if (token === smd.RAW_URL) trimBareUrl(node);
    if (token === smd.EQUATION_INLINE) wrapText(node, '$', '$');
    if (token === smd.LINK && !node.hasAttribute('href') && this.parser.pending === ']') {
      wrapText(node, '[', ']'); // "[note]" was no link: give it its brackets back
    }
  }

  private attribute(attribute: smd.Attr, value: string): void {
    const { node } = this.top;
    if (attribute === smd.START && /^\d{1,9}$/.test(value)) node.setAttribute('start', value);
    if (attribute === smd.CHECKED) node.textContent = '☑ ';
    if (attribute === smd.HREF) link(node, value);
  }
}

const isUnderscore = (token: smd.Token): boolean => kUnderscores[token] !== undefined;

const endsInsideWord = (parent: HTMLElement): boolean =>
  /[\p{Letter}\p{Number}]$/u.test(parent.lastChild?.textContent ?? '');

function append<T extends HTMLElement>(parent: HTMLElement, node: T): T {
  parent.append(node);
  return node;
}

function wrapText(node: HTMLElement, before: string, after: string): void {
  node.prepend(before);
  node.append(after);
}

/** A wide table scrolls inside its frame; the frame takes focus so that a keyboard can scroll. */
const tableFrame = (): HTMLElement =>
  labelled(h('div', { class: 'table-frame', role: 'region', tabindex: 0 }), 'table');

function rowGroup(table: HTMLElement): HTMLElement {
  const [head, body] = table.children;
  if (!head) return append(table, h('thead'));
  return (body as HTMLElement | undefined) ?? append(table, h('tbody'));
}

function link(node: HTMLElement, address: string): void {
  const url = safeUrl(address, location.href);
  if (url === null) return;
  node.setAttribute('href', url);
  node.setAttribute('target', '_blank');
  node.setAttribute('rel', 'noopener noreferrer');
}

function trimBareUrl(node: HTMLElement): void {
  const { url, rest } = splitBareUrl(node.textContent);
  if (rest === '') return;
  node.textContent = url;
  node.after(rest);
  node.removeAttribute('href');
  link(node, url);
}
