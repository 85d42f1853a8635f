DROP TABLE originals;
DROP TABLE origins;
DROP TABLE intake_problems;
DROP TABLE intake_runs;
DROP TABLE sources;
