/** Starts the page. */

import './style.css';
import { App } from './app';
import { applyLanguage } from './i18n';
import { applyTheme } from './theme';

applyTheme();
applyLanguage();

const begin = (): void => new App().start(document.body);
if (document.body) begin();
else addEventListener('DOMContentLoaded', begin);
