import type { Run } from '../../command.js';
import { requestFields } from '../../render/request.js';
import { showCard } from '../../render/show.js';
import { chooseRequest, fetchRequest } from '../../requests/choose-request.js';

export const show: Run<object> = async (context, [given]) => {
  const id = await chooseRequest(context, given, undefined, 'Which request?');
  const request = await fetchRequest(context, id);
  await showCard(context, request, requestFields(request, context));
};
