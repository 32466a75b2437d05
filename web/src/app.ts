/**
 * The page: builds its parts, and carries what one part says to the others. The address decides
 * which conversation is shown (`#s_…`), so reload, back and forward work by themselves.
 */

import { Announcer } from './announcer';
import { api, ApiError, type Customer, type PageInfo, type SessionSummary } from './api';
import { Banner } from './banner';
import { Chat } from './chat';
import { Composer } from './composer';
import { Connection, socketUrl, type ConnectionState } from './connection';
import { Drawer } from './drawer';
import { isLanguageChosen, onLanguage, pick, setLanguage, t } from './i18n';
import { layout } from './layout';
import { LogView } from './log_view';
import { PageInfoLoader } from './page_info';
import { dropPending } from './pending';
import type { ServerFrame } from './protocol';
import { SessionList } from './session_list';
import { SignIn } from './sign_in';
import { followVisualViewport } from './viewport';
import { Welcome } from './welcome';

/** A line that is back within this time was never worth a banner. */
const kBannerAfterMs = 700;

export class App {
  private readonly announcer = new Announcer();
  private readonly welcome = new Welcome((text) => this.chat.ask(text));
  private readonly log = new LogView(this.welcome.element);
  private readonly composer = new Composer({
    send: (text) => this.chat.ask(text),
    stop: () => this.chat.stop(),
  });
  private readonly banner = new Banner(() => this.retry());
  private readonly sessions = new SessionList({
    open: (id) => this.go(id),
    startNew: () => this.go(null),
    remove: (id) => void this.remove(id),
  });
  private readonly signIn = new SignIn({
    signIn: (customer) => void this.identify(() => api.signIn(customer.id)),
    signOut: () => void this.identify(() => api.signOut()),
  });
  private readonly page = new PageInfoLoader(
    (page) => this.introduce(page),
    () => this.banner.update({ pageFailed: true }),
  );
  private readonly connection = new Connection(socketUrl(location.href), {
    state: (state) => this.lineChanged(state),
    frame: (frame) => this.receive(frame),
  });
  private readonly chat = new Chat({
    send: (frame) => this.connection.send(frame),
    isConnected: () => this.connection.state === 'open',
    show: (views) => this.log.show(views),
    append: (view) => this.log.append(view),
    say: (text) => this.announcer.say(text),
    alert: (text) => this.announcer.alert(text),
    toast: (text) => this.announcer.toast(text),
    busy: (state) => this.composer.setBusy(state),
    changed: (session) => this.chatChanged(session),
    regenerating: () => this.regenerating(),
  });
  private readonly parts = layout({
    log: this.log,
    composer: this.composer.element,
    banner: this.banner.element,
    sessions: this.sessions.element,
    account: this.signIn.button,
    accountMenu: this.signIn.menu,
  });
  private readonly drawer = new Drawer(this.parts.aside, this.parts.main);
  private assistantName = '';
  /** The conversation in the address could not be loaded; the next good line tries again. */
  private isUnrouted = false;
  private bannerTimer = 0;
  private listTimer = 0;

  start(root: HTMLElement): void {
    this.parts.head.prepend(this.drawer.opener);
    this.parts.aside.prepend(this.drawer.closer);
    root.append(this.parts.aside, this.drawer.shade, this.parts.main);
    this.announcer.mount(root);
    onLanguage(() => this.title());
    addEventListener('popstate', () => void this.route());
    followVisualViewport();
    this.composer.invite();
    this.connection.start();
    void this.page.load();
    void this.refreshList();
    void this.route().then(() => this.chat.resumePending());
  }

  /** Shows the conversation that the address names. */
  private async route(): Promise<void> {
    const id = sessionInAddress();
    if (id === null) return this.chat.startNew();
    if (id === this.chat.session) return;
    this.isUnrouted = false;
    try {
      await this.chat.open(id);
    } catch (error) {
      const missing = error instanceof ApiError && error.status === 404;
      this.isUnrouted = !missing;
      this.announcer.toast(t(missing ? 'conversation_missing' : 'load_failed'));
      if (missing) this.go(null);
    }
  }

  private go(id: string | null): void {
    if (id !== sessionInAddress())
      history.pushState(null, '', id === null ? location.pathname : `#${id}`);
    this.drawer.close();
    this.composer.invite();
    if (id === null) this.chat.startNew();
    else void this.route();
  }

  private chatChanged(session: string | null): void {
    if (session !== null && session !== sessionInAddress()) {
      history.replaceState(null, '', `#${session}`);
    }
    this.sessions.setCurrent(session);
    this.banner.update({ unsent: this.chat.hasUnsent });
    clearTimeout(this.listTimer);
    this.listTimer = window.setTimeout(() => void this.refreshList(), 150);
  }

  private async refreshList(): Promise<void> {
    const sessions = await api.sessions().catch((): SessionSummary[] | null => null);
    if (sessions) this.sessions.show(sessions);
  }

  private async remove(id: string): Promise<void> {
    try {
      await api.deleteSession(id);
      this.announcer.say(t('deleted'));
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) {
        return this.announcer.toast(error instanceof Error ? error.message : `${error}`);
      }
    }
    if (id === this.chat.session) this.go(null);
    await this.refreshList();
  }

  private introduce(page: PageInfo): void {
    const { assistant, customer } = page;
    this.assistantName = this.chat.assistantName = assistant.name;
    this.parts.name.textContent = assistant.name;
    this.parts.languages(assistant.languages);
    this.title();
    if (customer && !isLanguageChosen()) setLanguage(customer.language, false);
    this.welcome.show(page);
    this.signIn.show(page);
    this.banner.update({ pageFailed: false, warming: !page.ready, notice: page.notice });
  }

  /** Another identity sees other conversations, and the line carries it since its handshake. */
  private async identify(change: () => Promise<Customer | void>): Promise<void> {
    try {
      const customer = await change();
      const name = customer ? pick(customer.name) : '';
      this.announcer.say(customer ? t('signed_in_as', { name }) : t('signed_out'));
    } catch {
      return this.announcer.toast(t('sign_in_failed'));
    }
    dropPending();
    this.connection.restart();
    this.go(null);
    await Promise.all([this.page.load(), this.refreshList()]);
  }

  private receive(frame: ServerFrame): void {
    if (frame.type === 'hello') this.composer.setLimit(frame.limits.text_chars);
    else this.chat.receive(frame);
  }

  private lineChanged(state: ConnectionState): void {
    clearTimeout(this.bannerTimer);
    if (state === 'open') {
      if (this.parts.main.classList.contains('cut')) this.announcer.say(t('online_again'));
      this.showCut(false);
      this.chat.reconnected();
      if (this.isUnrouted) void this.route();
    } else {
      this.bannerTimer = window.setTimeout(() => this.showCut(true), kBannerAfterMs);
    }
  }

  private showCut(isCut: boolean): void {
    if (isCut && !this.parts.main.classList.contains('cut')) this.announcer.say(t('offline'));
    this.parts.main.classList.toggle('cut', isCut);
    this.banner.update({ offline: isCut, unsent: this.chat.hasUnsent });
  }

  private retry(): void {
    this.connection.restart();
    void this.page.load();
  }

  private regenerating(): void {
    this.log.toEnd();
    this.composer.focus();
  }

  private title(): void {
    document.title = this.assistantName ? t('page_title', { name: this.assistantName }) : 'Chat';
  }
}

/** "#s_4f2…" → "s_4f2…"; anything else names no conversation. */
function sessionInAddress(): string | null {
  const id = decodeURIComponent(location.hash.slice(1));
  return /^[\w-]{1,128}$/.test(id) ? id : null;
}
