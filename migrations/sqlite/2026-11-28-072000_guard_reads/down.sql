DELETE FROM access_sides WHERE side = 'ELSEWHERE';
DROP TRIGGER access_reads_no_replace;
DROP TRIGGER access_reads_no_delete;
DROP TRIGGER access_reads_no_update;
