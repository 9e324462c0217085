// The parts of inquirer that are used: bundled from here, the others stay out.
export {
  createPrompt,
  isDownKey,
  isEnterKey,
  isTabKey,
  isUpKey,
  makeTheme,
  useKeypress,
  usePrefix,
  useState,
} from '@inquirer/core';
export { createPromptModule, type DistinctQuestion } from 'inquirer';
