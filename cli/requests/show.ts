import type { Run } from '../command.js';
import { chooseRequest, fetchRequest } from './choose-request.js';
import { showRequest } from './request-text.js';

export const show: Run<object> = async (context, [given]) => {
  const id = await chooseRequest(context, given, undefined, 'Which request?');
  const request = await fetchRequest(context, id);
  await showRequest(context, request);
};
