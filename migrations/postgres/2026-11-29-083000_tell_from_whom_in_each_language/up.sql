-- Name of the institution from which a notice comes, in the languages of the catalogue, as JSON.
ALTER TABLE notices ADD COLUMN who_names TEXT;
