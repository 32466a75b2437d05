/**
 * One server and one Chromium for a test file, a fresh context (cookies, storage) for each test.
 *
 * Every page is guarded: an error in the console, an uncaught exception or a request to another
 * origin fails the test, unless it says that it expects console errors (a cut line logs some).
 */

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before } from 'node:test';
import { chromium } from 'playwright-core';
import { ChatPage } from './chat_page.mjs';
import { mockedServer } from './server.mjs';

const kArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Call it at the top of a test file: the server and the browser run as long as its tests.
 * `url` is the server's origin (HAYATE_URL, if that names a running one), and
 * `withPage(options, body)` runs `body(chat, page)` with an open chat page.
 */
export function siteOfThisFile(startServer = namedOr(mockedServer)) {
  const site = {};
  let server, browser;
  before(async () => {
    server = await startServer();
    site.url = server.url;
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });
  site.withPage = (options, body) => withPage(browser, { url: site.url, ...options }, body);
  return site;
}

const named = process.env.HAYATE_URL;
const namedOr = (start) =>
  named ? async () => ({ url: new URL(named).origin, stop: async () => {} }) : start;

const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: kArguments,
  });

const kDesktop = { width: 1280, height: 860 };
const kPhone = { width: 360, height: 740 };

/**
 * options: language 'en' | 'ja', dark, phone, size {width, height}, reducedMotion, url,
 * expectsConsoleErrors, before(page): called before the page is opened.
 */
async function withPage(browser, options, body) {
  const context = await browser.newContext({
    locale: options.language === 'ja' ? 'ja-JP' : 'en-US',
    colorScheme: options.dark ? 'dark' : 'light',
    reducedMotion: options.reducedMotion ? 'reduce' : 'no-preference',
    viewport: options.size ?? (options.phone ? kPhone : kDesktop),
    hasTouch: Boolean(options.phone),
    isMobile: Boolean(options.phone),
    deviceScaleFactor: options.phone ? 2 : 1,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  try {
    const page = await context.newPage();
    const complaints = guard(page, options.url);
    await options.before?.(page);
    const chat = new ChatPage(page, options.url);
    await chat.open();
    await body(chat, page);
    assert.deepEqual(complaints.foreign, [], 'requests to another origin');
    if (!options.expectsConsoleErrors) assert.deepEqual(complaints.errors, [], 'console errors');
  } finally {
    await context.close();
  }
}

function guard(page, origin) {
  const complaints = { errors: [], foreign: [] };
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.errors.push(message.text());
  });
  page.on('pageerror', (error) => complaints.errors.push(`uncaught: ${error.message}`));
  const own = [origin, origin.replace(/^http/, 'ws')];
  const check = (url) => {
    if (!own.includes(new URL(url).origin)) complaints.foreign.push(url);
  };
  page.on('request', (request) => check(request.url()));
  page.on('websocket', (socket) => check(socket.url()));
  return complaints;
}

/** Saves a picture into SCREENSHOT_DIR, if that is set. */
export async function screenshot(page, name) {
  const folder = process.env.SCREENSHOT_DIR;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
}
