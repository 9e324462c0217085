import type { Run } from '../command.js';
import type { AgreeOptions } from './act-on-user/agree.js';
import { changeUser } from './act-on-user/change-user.js';

export const freeze: Run<AgreeOptions> = (context, [given], options) =>
  changeUser(context, given, options, {
    change: { status: 'frozen' },
    question: (name) => `Freeze ${name}?`,
    isSo: ({ status }) => (status === 'frozen' ? 'frozen' : undefined),
    done: (name) => `${name} is frozen: can log in, read, receive and decline, not pay, ask or accept.`,
  });
