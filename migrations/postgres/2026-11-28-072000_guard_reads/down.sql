DELETE FROM access_sides WHERE side = 'ELSEWHERE';
DROP TRIGGER access_reads_append_only ON access_reads;
