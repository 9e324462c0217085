// The only prompts that are used: bundled from here, the others stay out.
export { confirm, input, password, search, select } from '@inquirer/prompts';
