import { chromiumProgram } from './chromium.mjs';

process.exit(chromiumProgram() ? 0 : 1);
