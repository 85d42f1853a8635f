-- What an institution committed itself to, where a notice tells of a commitment.
ALTER TABLE notices ADD COLUMN promised TEXT;
