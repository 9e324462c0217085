import type { Run } from '../command.js';
import { showCard } from '../terminal/show.js';
import { chooseRequest, fetchRequest } from './choose-request.js';
import { requestFields } from './request-text.js';

export const show: Run<object> = async (context, [given]) => {
  const id = await chooseRequest(context, given, undefined, 'Which request?');
  const request = await fetchRequest(context, id);
  await showCard(context, request, requestFields(request, context));
};
