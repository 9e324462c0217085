/** The name of the schema that our tables are in, the first of the search path that is there, as it is written in SQL. */
export const ownSchemaName = 'quote_ident(current_schema())';

/** The schema that our tables are in, as the catalogue knows it. */
export const ownSchema = `${ownSchemaName}::regnamespace`;
