/** Secrets that are planted on every way they take, and must come out nowhere. */

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';

const base64url = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A customer token as the shop's own server would sign it (JWT, HS256). */
export function customerToken(customer, secret) {
  const expires = Math.floor(Date.now() / 1000) + 3600;
  const head = `${base64url({ alg: 'HS256', typ: 'JWT' })}.${base64url({ sub: customer, exp: expires })}`;
  return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`;
}

export class Secrets {
  providerKey = 'sk-planted-provider-key-4711';
  tokenSecret = 'planted-secret-of-the-shop-0123456789';
  customerToken = customerToken('c-001', this.tokenSecret);

  /** For Hayate.start: every secret has a use there. */
  get server() {
    return {
      config: {
        log_level: 'debug',
        auth: { customer_token: { hs256_secret_env: 'TOKEN_SECRET_OF_THE_TEST' } },
      },
      env: {
        PROVIDER_KEY_OF_THE_TEST: this.providerKey,
        TOKEN_SECRET_OF_THE_TEST: this.tokenSecret,
      },
      keys: ['service'],
    };
  }

  /** Of a request that shows all that a customer has. */
  headersFor(hayate) {
    [this.apiKey] = hayate.keys;
    return { authorization: `Bearer ${this.apiKey}`, 'x-hayate-customer': this.customerToken };
  }

  /** None of them, and no telling part of one, occurs in `text`. */
  assertAbsent(text, where) {
    const [, claims, signature] = this.customerToken.split('.');
    const all = [this.providerKey, this.tokenSecret, this.apiKey, claims, signature];
    for (const secret of all.filter(Boolean)) {
      for (const part of [secret.slice(0, 16), secret.slice(-16)]) {
        assert.ok(!text.includes(part), `a secret (${part}…) stands in ${where}`);
      }
    }
  }
}
