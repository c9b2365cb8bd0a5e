; Comments of both kinds.

[(one_line_comment) (block_comment)] @comment
