DROP TABLE agreement_signatures;
DROP TABLE agreement_warnings;
DROP TABLE agreement_parties;
DROP TABLE agreements;
