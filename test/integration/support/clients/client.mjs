/**
 * What the tests ask of a client, whichever it is.
 *
 * A client is { name, ask(target, question) }. target: { baseUrl, apiKey }. question: { model,
 * text, stream, temperature, signal, onPiece }. `ask` resolves to an Answer when the client takes
 * the answer for whole, and else rejects with what the client threw, put into one shape:
 *
 * Answer:      { text, pieces, finish, usage: { prompt, completion } }
 * ClientError: { status, type, code, param, message, isAbort, text }
 */

export class ClientError extends Error {
  constructor(message, facts) {
    super(message);
    Object.assign(this, facts);
  }
}

/** Collects a stream piece by piece, and tells the test of each. */
export class Collector {
  pieces = [];

  constructor(question) {
    this.question = question;
  }

  add(piece) {
    if (!piece) return;
    this.pieces.push(piece);
    this.question.onPiece?.(piece);
  }

  get text() {
    return this.pieces.join('');
  }
}

/** Runs `body` with a collector; what it throws becomes a ClientError by `facts(error)`. */
export async function collecting(question, body, facts) {
  const collector = new Collector(question);
  try {
    const answer = await body(collector);
    // Some clients end an aborted or broken stream in silence: without an end it is no answer.
    if (!answer.finish) throw new Error('the stream ended without a finish reason');
    return { text: collector.text, pieces: collector.pieces, ...answer };
  } catch (error) {
    const isAbort = Boolean(question.signal?.aborted);
    throw new ClientError(error.message, { isAbort, text: collector.text, ...facts(error) });
  }
}
