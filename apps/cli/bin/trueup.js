#!/usr/bin/env node
// Here before the first build, so that npm links it.
import '../dist/main.js';
