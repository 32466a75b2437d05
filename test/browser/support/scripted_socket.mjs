/**
 * A server's end of /ws played by the test, for frames that no real answer can be made to send:
 * hostile markdown, a lost replay window, every error. The rest of the page is the real one.
 */

export const numbered = (responseId, frames) =>
  frames.map((frame, i) => ({ ...frame, response_id: responseId, seq: i + 1 }));

/**
 * Answers each `ask` with what `answer(ask, n)` returns: frames to be numbered for response
 * "r_n", or frames that have a response_id already; and other frames with those of `reply(frame)`.
 * Returns what the page sent.
 */
export async function scriptedSocket(page, answer, reply = () => []) {
  const received = [];
  let asked = 0;
  await page.routeWebSocket(/\/ws$/, (socket) => {
    const say = (frame) => socket.send(JSON.stringify(frame));
    say({ type: 'hello', ping_ms: 15_000, limits: { text_chars: 8000, frame_bytes: 65_536 } });
    socket.onMessage((data) => {
      const frame = JSON.parse(data);
      received.push(frame);
      if (frame.type === 'ask') asked += 1;
      const replies = frame.type === 'ask' ? answer(frame, asked) : reply(frame);
      for (const one of replies) say(one);
    });
  });
  return received;
}

export const accepted = (ask, n) => ({
  type: 'accepted',
  client_msg_id: ask.client_msg_id,
  session: ask.session ?? 's_scripted',
  response_id: `r_${n}`,
  turn: ask.regenerate ?? n,
});

/** A whole answer: accepted, the given frames, and a final one. */
export const wholeAnswer = (ask, n, frames, final = {}) => [
  accepted(ask, n),
  ...numbered(`r_${n}`, [...frames, { type: 'final', finish: 'stop', ...final }]),
];
