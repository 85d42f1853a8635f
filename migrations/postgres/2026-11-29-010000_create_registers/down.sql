DROP TABLE comments;
DROP TABLE register_keys;
DROP TABLE register_supports;
DROP TABLE register_links;
DROP TABLE register_entries;
