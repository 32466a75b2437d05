/** The official client for JavaScript: npm `openai`. */

import OpenAI from 'openai';
import { collecting } from './client.mjs';

const facts = ({ status, type, code, param }) => ({ status, type, code, param });

const usageOf = (usage) =>
  usage && { prompt: usage.prompt_tokens, completion: usage.completion_tokens };

function bodyOf({ model, text, stream, temperature }) {
  const messages = [{ role: 'user', content: text }];
  const options = stream ? { stream, stream_options: { include_usage: true } } : {};
  return { model, messages, temperature, ...options };
}

async function read(stream, collector) {
  const answer = {};
  for await (const chunk of stream) {
    const [choice] = chunk.choices;
    collector.add(choice?.delta.content);
    answer.finish = choice?.finish_reason ?? answer.finish;
    answer.usage = usageOf(chunk.usage) ?? answer.usage;
  }
  return answer;
}

export const openaiNode = {
  name: 'openai for JavaScript',

  ask: (target, question) =>
    collecting(
      question,
      async (collector) => {
        const client = new OpenAI({
          baseURL: target.baseUrl,
          apiKey: target.apiKey ?? 'none',
          maxRetries: 0,
          defaultHeaders: target.headers,
        });
        const { signal } = question;
        const made = await client.chat.completions.create(bodyOf(question), { signal });
        if (question.stream) return read(made, collector);
        const [choice] = made.choices;
        collector.add(choice.message.content);
        return { finish: choice.finish_reason, usage: usageOf(made.usage) };
      },
      facts,
    ),

  /** The models of a server, each asked for again by its name. */
  models: async (target) => {
    const { models } = new OpenAI({ baseURL: target.baseUrl, apiKey: 'none', maxRetries: 0 });
    const known = [];
    for await (const { id } of models.list()) known.push(await models.retrieve(id));
    return known;
  },
};
