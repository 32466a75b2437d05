/** The official Anthropic client for JavaScript. */

import Anthropic from '@anthropic-ai/sdk';
import { collecting } from './client.mjs';

/** The error's type stands in the body: {"type":"error","error":{"type":...}}. */
const facts = (error) => ({ status: error.status, type: error.error?.error?.type });

const usageOf = (usage) => ({ prompt: usage.input_tokens, completion: usage.output_tokens });

export const anthropic = {
  name: 'Anthropic for JavaScript',

  ask: (target, question) =>
    collecting(
      question,
      async (collector) => {
        const { model, text, stream, signal } = question;
        const client = new Anthropic({
          baseURL: target.baseUrl,
          apiKey: target.apiKey ?? 'none',
          maxRetries: 0,
          defaultHeaders: target.headers,
        });
        const body = { model, max_tokens: 256, messages: [{ role: 'user', content: text }] };
        if (!stream) {
          const made = await client.messages.create(body, { signal });
          collector.add(made.content[0].text);
          return { finish: made.stop_reason, usage: usageOf(made.usage) };
        }
        const made = client.messages.stream(body, { signal });
        made.on('text', (piece) => collector.add(piece));
        // The helper puts the message together from the events, and throws if one is missing.
        const { stop_reason: finish, usage } = await made.finalMessage();
        return { finish, usage: usageOf(usage) };
      },
      facts,
    ),
};
