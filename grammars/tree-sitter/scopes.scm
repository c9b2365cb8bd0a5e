; Regions whose declarations are not seen outside of them by their plain names.

[
  (module_declaration)
  (interface_declaration)
  (program_declaration)
  (package_declaration)
  (checker_declaration)
  (class_declaration)
  (interface_class_declaration)
  (function_declaration)
  (task_declaration)
  (class_constructor_declaration)
  (generate_block)
  (loop_generate_construct)
  (seq_block)
  (par_block)
  (loop_statement)
  (property_declaration)
  (sequence_declaration)
  (covergroup_declaration)
] @scope
