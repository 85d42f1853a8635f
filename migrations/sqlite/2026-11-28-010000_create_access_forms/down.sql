DROP TABLE access_forms;
