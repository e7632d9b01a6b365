#!/usr/bin/env node
import { Command } from 'commander';

const program = new Command('trueup').description("Keeps an MSP's PSA agreements true to what is really provisioned");
await program.parseAsync();
