import type { Knex } from 'knex';
import { appendOnlyTables, appendOnlyTrigger } from './append-only.js';

export const name = '001-books';

/** Text is compared byte by byte, as SQLite does it, whatever the locale of the database is. */
const domains = `
  create domain words as text collate "C";
  create domain whole as bigint check (value between -9007199254740991 and 9007199254740991);
  create domain amount as bigint check (value between 1 and 9007199254740991);
  create domain count as bigint check (value between 0 and 9007199254740991);
  create domain micros as bigint check (value between 0 and 9007199254740991);
  create domain act as bigint check (value between 0 and 4294967295);
  create domain currency as text collate "C" check (length(value) = 3 and value = upper(value));
  create domain sha256 as bytea check (octet_length(value) = 32);
  create domain payment_kind as text collate "C"
    check (value in ('opening_credit', 'transfer', 'request', 'refund', 'adjustment'));`;

/** The tables as the SQLite migrations up to 014 leave them, with the same names and constraints. */
const tables = `
  create table users (
    id bigint primary key check (id between 1 and 9007199254740991),
    username words not null check (length(username) between 1 and 100),
    username_key words not null unique,
    email words not null,
    email_key words not null,
    display_name words,
    display_name_folded words,
    password_hash words not null,
    role words not null check (role in ('user', 'admin')),
    status words not null check (status in ('active', 'frozen')),
    currency currency not null,
    one_time_until micros,
    created_at micros not null,
    check (btrim(username, '.') <> ''),
    check (username_key = lower(username)),
    check (email_key = lower(email))
  );
  create index users_role on users (role, id);
  create index users_status on users (status, id);

  create table accounts (
    id whole primary key,
    kind words not null check (kind in ('customer', 'issuance', 'exchange')),
    user_id bigint unique references users (id),
    currency currency not null,
    balance whole not null,
    check ((kind = 'customer') = (user_id is not null)),
    check ((kind = 'customer') = (id > 0)),
    check (kind <> 'customer' or balance >= 0),
    check (kind <> 'issuance' or balance <= 0)
  );
  create unique index accounts_one_of_the_system on accounts (kind, currency) where user_id is null;

  create table rates (
    id amount primary key,
    as_of words not null check (as_of = to_char(to_date(as_of, 'YYYY-MM-DD'), 'YYYY-MM-DD')),
    source words not null,
    base currency not null,
    currencies words not null,
    created_at micros not null
  );

  create table payments (
    id amount primary key,
    chain bigint not null check (chain between 1 and 32767),
    position amount not null,
    kind payment_kind not null,
    from_user_id bigint references users (id),
    to_user_id bigint references users (id),
    sent_amount amount not null,
    sent_currency currency not null,
    received_amount amount not null,
    received_currency currency not null,
    rate words not null,
    rates_id bigint references rates (id),
    memo words,
    memo_folded words,
    request_id bigint,
    refund_of bigint references payments (id),
    corrects bigint references payments (id),
    act act,
    created_at micros not null,
    hash sha256 not null,
    check (from_user_id is not null or to_user_id is not null),
    check (from_user_id is null or to_user_id is null or from_user_id <> to_user_id),
    check (memo is not null or memo_folded is null),
    check ((sent_currency = received_currency) = (rates_id is null)),
    check ((kind = 'refund') = (refund_of is not null)),
    check (kind = 'adjustment' or corrects is null),
    check ((kind = 'request') = (request_id is not null))
  );
  create index payments_between on payments (from_user_id, to_user_id, id, act) where from_user_id is not null;
  create index payments_refunds on payments (refund_of, id, act) where refund_of is not null;
  create unique index payments_one_for_a_request on payments (request_id) where request_id is not null;
  create index payments_corrections on payments (corrects, id) where corrects is not null;

  create table entries (
    account_id bigint not null references accounts (id),
    kind payment_kind not null,
    payment_id bigint not null references payments (id),
    line bigint not null check (line between 1 and 4),
    amount whole not null check (amount <> 0),
    balance_after whole not null,
    primary key (account_id, kind, payment_id)
  );

  create table chain_heads (
    name words not null check (name in ('payments', 'audit', 'commits', 'events')),
    chain bigint not null check (chain between 0 and 32767),
    position count not null,
    hash sha256 not null,
    at micros not null,
    primary key (name, chain),
    check ((name in ('commits', 'events')) = (chain = 0))
  );
  insert into chain_heads (name, chain, position, hash, at)
    select name, 0, 0, decode(repeat('00', 32), 'hex'), 0 from (values ('commits'), ('events')) as h (name);

  create table sessions (
    id bigint primary key,
    user_id bigint not null references users (id),
    token_hash sha256 not null unique,
    created_at micros not null,
    expires_at micros not null,
    ended_at micros,
    address words not null,
    place words not null check (place in ('first', 'new', 'known')),
    last_used_at micros,
    idle_until micros,
    check (expires_at > created_at)
  );
  create index sessions_user on sessions (user_id, place, address);
  create unique index sessions_first_place on sessions (user_id) where place = 'first';
  create unique index sessions_places on sessions (user_id, address) where place <> 'known';
  create index sessions_live on sessions (user_id, id) where ended_at is null;

  create table tokens (
    id bigint primary key,
    user_id bigint not null references users (id),
    name words not null,
    scopes words not null,
    token_hash sha256 not null unique,
    created_at micros not null,
    expires_at micros not null,
    revoked_at micros,
    last_used_at micros,
    check (expires_at > created_at)
  );
  create index tokens_user on tokens (user_id, id);
  create index tokens_live on tokens (user_id, id) where revoked_at is null;

  create table guesses (
    key words primary key,
    failures count not null,
    last_at micros not null,
    blocked_until micros not null
  );

  create table invitations (
    id bigint primary key,
    token_hash sha256 not null unique,
    note words not null,
    created_by bigint not null references users (id),
    created_at micros not null,
    expires_at micros not null,
    revoked_at micros,
    used_by bigint unique references users (id),
    used_at micros,
    check (expires_at > created_at),
    check ((used_by is null) = (used_at is null)),
    check (used_at is null or revoked_at is null)
  );

  create table idempotency_keys (
    user_id bigint not null references users (id),
    key words not null check (length(key) between 1 and 255),
    rule words not null,
    input_hash sha256 not null,
    status bigint not null check (status between 200 and 499),
    answer words,
    location words,
    payment_id bigint references payments (id),
    created_at micros not null,
    primary key (user_id, key),
    check (answer is not null or payment_id is not null)
  );

  create table requests (
    id amount primary key,
    requester_id bigint not null references users (id),
    payer_id bigint not null references users (id),
    amount amount not null,
    currency currency not null,
    memo words,
    status words not null check (status in ('pending', 'paid', 'declined', 'cancelled', 'expired')),
    reason words,
    payment_id bigint unique references payments (id),
    created_at micros not null,
    expires_at micros not null,
    closed_at micros,
    reminded_at micros,
    act act not null,
    check (requester_id <> payer_id),
    check ((status = 'pending') = (closed_at is null)),
    check ((status = 'paid') = (payment_id is not null)),
    check (reason is null or status = 'declined'),
    check (expires_at > created_at)
  );
  alter table payments add foreign key (request_id) references requests (id);
  create index requests_requester on requests (requester_id, id);
  create index requests_between on requests (requester_id, payer_id, id, act);
  create index requests_payer on requests (payer_id, id);
  create index requests_to_expire on requests (expires_at) where status = 'pending';

  create table funds_refusals (
    requester_id bigint not null references users (id),
    payer_id bigint not null references users (id),
    since micros not null,
    refusals bigint not null check (refusals between 1 and 5),
    primary key (requester_id, payer_id),
    check (requester_id <> payer_id)
  );

  create table blocks (
    blocker_id bigint not null references users (id),
    blocked_id bigint not null references users (id),
    created_at micros not null,
    ended_at micros,
    primary key (blocker_id, blocked_id),
    check (blocker_id <> blocked_id)
  );

  create table events (
    user_id bigint not null references users (id),
    id amount not null,
    type words not null,
    at micros not null,
    payment_id bigint references payments (id),
    data words,
    primary key (user_id, id),
    check ((data is null) = (payment_id is not null))
  );

  create table inboxes (
    user_id bigint primary key references users (id),
    read_up_to amount not null
  );

  create table webhooks (
    id bigint primary key,
    user_id bigint not null references users (id),
    url words not null,
    types words not null,
    secret words not null,
    status words not null check (status in ('active', 'disabled', 'deleted')),
    event_cursor count not null,
    created_at micros not null,
    session_id bigint references sessions (id),
    token_id bigint references tokens (id)
  );
  create index webhooks_user on webhooks (user_id, id);
  create index webhooks_active on webhooks (event_cursor) where status = 'active';

  create table deliveries (
    id bigint primary key,
    webhook_id bigint not null references webhooks (id),
    event_id amount not null,
    status words not null check (status in ('pending', 'delivered', 'failed')),
    attempts bigint not null check (attempts between 0 and 1000),
    next_attempt_at micros,
    retry_until micros,
    last_attempt_at micros,
    last_status bigint check (last_status between 100 and 999),
    last_error words,
    created_at micros not null,
    unique (webhook_id, event_id),
    check ((status = 'pending') = (next_attempt_at is not null))
  );
  create index deliveries_webhook on deliveries (webhook_id, id);
  create index deliveries_due on deliveries (webhook_id, next_attempt_at) where status = 'pending';

  create table limits (
    subject words primary key,
    user_id bigint unique references users (id),
    currency currency not null,
    per_payment amount,
    per_day amount,
    check ((user_id is null) = (subject = currency))
  );

  create table audit (
    id amount primary key,
    chain bigint not null check (chain between 1 and 32767),
    position amount not null,
    at micros not null,
    actor_id bigint references users (id),
    action words not null,
    subject words,
    address words not null,
    request_id words not null,
    reason words,
    before words,
    after words,
    hash sha256 not null,
    unique (chain, position)
  );
  create index audit_actor on audit (actor_id, id);
  create index audit_action on audit (action, id);
  create index audit_subject on audit (subject, id);`;

/** What was written is not unwritten, and a request that was closed stays as it was closed. */
const triggers = `
  create function refuse_change() returns trigger language plpgsql as $$
    begin raise exception '% is append-only', tg_table_name; end $$;
  ${appendOnlyTables.map(appendOnlyTrigger).join('\n  ')}
  create function refuse_reopening() returns trigger language plpgsql as $$
    begin raise exception 'a closed request does not change'; end $$;
  create trigger requests_refuse_reopening before update on requests
    for each row when (old.status <> 'pending') execute function refuse_reopening();
  create function refuse_removal() returns trigger language plpgsql as $$
    begin raise exception '% are kept', tg_table_name; end $$;
  create trigger requests_refuse_delete before delete or truncate on requests
    for each statement execute function refuse_removal();`;

export async function up(knex: Knex): Promise<void> {
  await knex.raw(domains);
  await knex.raw(tables);
  await knex.raw(triggers);
}
