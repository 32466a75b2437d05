/**
 * One conversation: asks, applies what the server sends, and picks up after a cut.
 *
 * At most one answer is open at a time. What must survive a cut line is here (the unaccepted
 * question, the number of the last frame); a reload finds it again through `open` and the
 * pending store.
 */

import { Acks } from './ack';
import { isOpen, newAnswer, reduce, type Answer } from './answer';
import { errorWords } from './answer_foot';
import { api } from './api';
import { shelfSummary } from './cards';
import { uuid } from './ids';
import { language, t } from './i18n';
import { Painter } from './paint';
import { dropPending, keepPending, pendingAsk } from './pending';
import { stageWords } from './progress';
import type { Accepted, AnswerFrame, Ask, ClientFrame, ErrorFrame } from './protocol';
import type { FeedbackKept, ServerFrame } from './protocol';
import { recovered, restoredTurns } from './restore';
import { matchesHash } from './text_hash';
import { Thumbs } from './thumbs';
import { TurnView } from './turn_view';

/** What the conversation needs around it: the line, the log, the composer, the announcer. */
export interface Surroundings {
  /** Delivers the frame if the line is up, else forgets it. */
  send(frame: ClientFrame): void;
  isConnected(): boolean;
  show(views: TurnView[]): void;
  append(view: TurnView): void;
  say(text: string): void;
  alert(text: string): void;
  toast(text: string): void;
  busy(state: 'no' | 'answering' | 'stopping'): void;
  /** The conversation changed, got its id, or one of its answers began or ended. */
  changed(session: string | null): void;
  regenerating(): void;
}

interface Turn {
  ask: Ask;
  answer: Answer;
  view: TurnView;
  stopping: boolean;
}

export class Chat {
  session: string | null = null;
  assistantName = '';
  private turns: Turn[] = [];
  private readonly painter = new Painter();
  private readonly acks: Acks;
  private readonly thumbs: Thumbs;
  /** Counts conversations, so that a late reply about an earlier one is ignored. */
  private visit = 0;

  constructor(private readonly around: Surroundings) {
    this.acks = new Acks((response_id, seq) => around.send({ type: 'ack', response_id, seq }));
    this.thumbs = new Thumbs(
      (frame) => around.send(frame),
      (responseId, thumb) => {
        const turn = this.turns.find(({ answer }) => answer.responseId === responseId);
        if (!turn) return;
        turn.answer = { ...turn.answer, thumb };
        turn.view.show(turn.answer);
      },
    );
  }

  get hasUnsent(): boolean {
    return this.openTurn()?.answer.phase === 'sending';
  }

  ask(text: string): void {
    if (this.openTurn()) return;
    this.begin(this.newAsk(text));
  }

  stop(): void {
    const turn = this.openTurn();
    if (!turn) return;
    if (turn.answer.phase === 'sending' && !this.around.isConnected()) return this.withdraw(turn);
    turn.stopping = true;
    this.sendStop(turn);
    this.around.busy('stopping');
  }

  startNew(): void {
    this.visit += 1;
    this.session = null;
    this.turns = [];
    this.redraw();
  }

  /** Shows a stored conversation and goes on with its running answer. Throws ApiError. */
  async open(id: string): Promise<void> {
    const visit = (this.visit += 1);
    const stored = await api.session(id);
    if (visit !== this.visit) return;
    this.session = id;
    this.turns = [];
    for (const { ask, answer, spoken } of restoredTurns(stored, pendingAsk())) {
      this.add(ask, answer, spoken);
    }
    this.redraw();
    this.reconnected();
  }

  /** After a reload: a question that was on its way is asked again under the same id. */
  resumePending(): void {
    const ask = pendingAsk();
    if (!ask || this.openTurn() || (ask.session ?? null) !== this.session) return;
    const isStored = this.turns.some((turn) => turn.ask.client_msg_id === ask.client_msg_id);
    if (isStored) dropPending();
    else this.begin(ask);
  }

  /** The line is up (again): resend the question, or go on where the answer was cut. */
  reconnected(): void {
    this.thumbs.resend();
    const turn = this.openTurn();
    if (!turn) return;
    const { responseId, seq } = turn.answer;
    if (!responseId) this.around.send(turn.ask);
    else this.around.send({ type: 'resume', response_id: responseId, after_seq: seq });
    if (turn.stopping) this.sendStop(turn);
  }

  receive(frame: ServerFrame): void {
    switch (frame.type) {
      case 'hello':
      case 'ping':
        return;
      case 'accepted':
        return this.accepted(frame);
      case 'gone':
        return void this.gone(frame.response_id);
      case 'feedback':
        return this.thumbKept(frame);
      default:
        return this.progressed(frame);
    }
  }

  private accepted(frame: Accepted): void {
    const turn = this.turns.find(({ ask }) => ask.client_msg_id === frame.client_msg_id);
    // No turn: asked, then left for another conversation.
    if (!turn) return this.around.changed(this.session);
    this.session ??= frame.session;
    keepPending({ ...turn.ask, session: this.session });
    this.apply(turn, frame);
    this.around.changed(this.session);
    if (turn.stopping) this.sendStop(turn);
  }

  private thumbKept(frame: FeedbackKept): void {
    if (!this.thumbs.kept(frame)) return;
    this.around.say(t(frame.thumb === 'none' ? 'thumb_taken_back' : 'thumb_kept'));
  }

  private progressed(frame: AnswerFrame | ErrorFrame): void {
    if (frame.type === 'error' && this.thumbs.refused(frame)) {
      return this.around.toast(errorWords(frame));
    }
    const turn = this.turns.find(({ ask, answer }) =>
      frame.response_id !== undefined
        ? frame.response_id === answer.responseId
        : frame.type === 'error' && frame.client_msg_id === ask.client_msg_id,
    );
    if (turn) {
      if (frame.response_id && frame.seq) this.acks.note(frame.response_id, frame.seq);
      this.apply(turn, frame);
    } else if (frame.type === 'error' && !frame.response_id) {
      this.around.toast(errorWords(frame));
    }
  }

  private apply(turn: Turn, frame: Accepted | AnswerFrame | ErrorFrame): void {
    const before = turn.answer;
    turn.answer = reduce(before, frame);
    if (turn.answer === before) return;
    this.paint(turn);
    if (turn.answer.stage !== before.stage) this.around.say(stageWords(turn.answer));
    if (isOpen(before) && !isOpen(turn.answer)) void this.finished(turn);
  }

  private async finished(turn: Turn): Promise<void> {
    this.settle();
    const { text, textHash, error } = turn.answer;
    if (error) return this.around.alert(errorWords(error));
    if (textHash && !(await matchesHash(text, textHash))) await this.recover(turn);
    this.announce(turn);
  }

  /** The server can not replay the stream any more: show what it has stored. */
  private async gone(responseId: string): Promise<void> {
    const turn = this.turns.find(({ answer }) => answer.responseId === responseId);
    if (!turn || !isOpen(turn.answer)) return;
    await this.recover(turn);
    this.settle();
    this.announce(turn);
  }

  private async recover(turn: Turn): Promise<void> {
    const { session, visit } = this;
    const stored = session === null ? null : await api.session(session).catch(() => null);
    if (visit !== this.visit) return;
    const found = stored?.turns.find(({ response_id }) => response_id === turn.answer.responseId);
    turn.answer = recovered(turn.answer, found);
    this.paint(turn);
  }

  /** Stop for a question that is still waiting for the line: it is not sent at all. */
  private withdraw(turn: Turn): void {
    turn.answer = { ...turn.answer, phase: 'stopped' };
    this.paint(turn);
    this.settle();
  }

  private settle(): void {
    dropPending();
    this.around.busy(this.openTurn() ? 'answering' : 'no');
    this.around.changed(this.session);
  }

  private announce(turn: Turn): void {
    this.painter.request({}, () => {
      const { view, answer } = turn;
      this.around.say([shelfSummary(answer.cards), view.spokenText].filter(Boolean).join(' '));
    });
  }

  private newAsk(text: string, regenerate?: number): Ask {
    return {
      type: 'ask',
      client_msg_id: uuid(),
      ...(this.session === null ? {} : { session: this.session }),
      text,
      language: language(),
      trace: true,
      ...(regenerate === undefined ? {} : { regenerate }),
    };
  }

  private begin(ask: Ask): void {
    const turn = this.add(ask);
    this.around.append(turn.view);
    this.start(turn);
  }

  private start(turn: Turn): void {
    keepPending(turn.ask);
    this.around.busy('answering');
    this.around.send(turn.ask);
    this.around.changed(this.session);
  }

  private add(ask: Ask, answer: Answer = newAnswer(), spoken?: Ask['language']): Turn {
    const view = new TurnView(ask.text, spoken, this.assistantName, {
      copy: () => this.copy(turn),
      regenerate: () => this.regenerate(turn),
      thumb: (pressed) => this.thumb(turn, pressed),
      ask: (text) => this.ask(text),
      reload: () => location.reload(),
    });
    const turn: Turn = { ask, answer, view, stopping: false };
    view.show(answer);
    this.turns.push(turn);
    return turn;
  }

  private regenerate(turn: Turn): void {
    if (this.openTurn()) return;
    turn.ask = this.newAsk(turn.ask.text, turn.answer.turn);
    turn.answer = newAnswer();
    turn.stopping = false;
    turn.view.show(turn.answer);
    this.start(turn);
    this.around.regenerating();
  }

  private thumb({ answer }: Turn, pressed: 'up' | 'down'): void {
    if (answer.responseId) this.thumbs.press(answer.responseId, answer.thumb ?? 'none', pressed);
  }

  private async copy(turn: Turn): Promise<boolean> {
    try {
      await navigator.clipboard.writeText(turn.answer.text);
      this.around.say(t('copied'));
      return true;
    } catch {
      this.around.toast(t('copy_failed'));
      return false;
    }
  }

  private redraw(): void {
    this.around.show(this.turns.map(({ view }) => view));
    this.around.busy(this.openTurn() ? 'answering' : 'no');
    this.around.changed(this.session);
  }

  private paint(turn: Turn): void {
    this.painter.request(turn, () => turn.view.show(turn.answer));
  }

  private sendStop({ answer }: Turn): void {
    if (answer.responseId) this.around.send({ type: 'stop', response_id: answer.responseId });
  }

  private openTurn(): Turn | undefined {
    return this.turns.findLast(({ answer }) => isOpen(answer));
  }
}
