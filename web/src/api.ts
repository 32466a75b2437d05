/**
 * The HTTP API of the page: who am I, sign in, the list of conversations.
 *
 * Same origin only; identity is an HttpOnly cookie that this code never sees. Calls that change
 * something carry X-Hayate-Page, which another site's form cannot send. Failures throw ApiError.
 */

import type { Card, Language, LocalText, Source, Thumb } from './protocol';

export interface Customer {
  id: string;
  name: LocalText;
  language: Language;
}

export interface Assistant {
  id: string;
  name: string;
  languages: Language[];
  greeting: LocalText;
  suggestions: Partial<Record<Language, string[]>>;
}

export interface PageInfo {
  assistant: Assistant;
  customer: Customer | null;
  demo_customers: Customer[];
  ready: boolean;
  notice: LocalText | null;
}

export interface SessionSummary {
  id: string;
  title: string;
  updated_ms: number;
  turns: number;
}

export interface StoredTurn {
  turn: number;
  response_id: string;
  client_msg_id?: string;
  question: string;
  answer: string;
  state: 'complete' | 'stopped' | 'incomplete' | 'failed';
  language?: Language;
  cards?: Card[];
  sources?: Source[];
  model?: string;
  thumb?: Thumb;
  first_word_ms?: number;
  total_ms?: number;
  created_ms?: number;
  /** Of the last turn only: the replies that it suggested. */
  suggestions?: string[];
}

export interface StoredSession {
  id: string;
  turns: StoredTurn[];
  running: { response_id: string; turn: number } | null;
}

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export const api = {
  page: () => call<PageInfo>('GET', '/api/page'),
  signIn: (id: string) => call<Customer>('POST', '/api/sign-in', { customer_id: id }),
  signOut: () => call<void>('POST', '/api/sign-out'),
  sessions: async () =>
    (await call<{ sessions: SessionSummary[] }>('GET', '/api/sessions')).sessions,
  session: (id: string) => call<StoredSession>('GET', sessionPath(id)),
  deleteSession: (id: string) => call<void>('DELETE', sessionPath(id)),
};

const sessionPath = (id: string): string => `/api/sessions/${encodeURIComponent(id)}`;

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (method !== 'GET') headers['X-Hayate-Page'] = '1';
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  const init: RequestInit = { method, headers, credentials: 'same-origin', cache: 'no-store' };
  if (body !== undefined) init.body = JSON.stringify(body);
  const response = await fetch(path, init);
  if (!response.ok) throw await readError(response);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

async function readError(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => null)) as {
    error?: { code?: string; message?: string };
  } | null;
  const { code = 'internal', message = response.statusText } = body?.error ?? {};
  return new ApiError(response.status, code, message);
}
