#!/usr/bin/env node
// CommonJS, because Node is up sooner without its loader of modules.
'use strict';
require('./bundle.cjs').runProgram('pay');
