DROP TABLE registry;
DROP TABLE relations;
DROP TABLE holdings;
DROP TABLE versions;
DROP TABLE datasets;
DROP TABLE institutions;
DROP TABLE changes;
DROP TABLE counter;
