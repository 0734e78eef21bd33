#!/usr/bin/env node
// The command `insp`.
import { main } from './index.ts';

await main(process.argv.slice(2));
