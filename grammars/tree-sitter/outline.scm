; Declarations that an outline shows. @<kind> is the whole declaration, @name the identifier that names it.

(module_declaration [(module_ansi_header name: (_) @name) (module_nonansi_header name: (_) @name)]) @module
(interface_declaration [(interface_ansi_header name: (_) @name) (interface_nonansi_header name: (_) @name)]) @interface
(program_declaration [(program_ansi_header name: (_) @name) (program_nonansi_header name: (_) @name)]) @program
(package_declaration name: (_) @name) @package
(checker_declaration name: (_) @name) @checker
(class_declaration name: (_) @name) @class
(interface_class_declaration name: (_) @name) @class

; Headers that an error has cut off from their end.
(ERROR [(module_ansi_header name: (_) @name) (module_nonansi_header name: (_) @name)] @module)
(ERROR [(interface_ansi_header name: (_) @name) (interface_nonansi_header name: (_) @name)] @interface)

(function_declaration (function_body_declaration name: (_) @name)) @function
(task_declaration (task_body_declaration name: (_) @name)) @task
(class_method (function_prototype name: (_) @name)) @function
(class_method (task_prototype name: (_) @name)) @task
(class_constructor_declaration "new" @name) @function

(param_assignment . (simple_identifier) @name) @parameter
(type_assignment name: (_) @name) @parameter
(ansi_port_declaration port_name: (_) @name) @port
(port_declaration (_ (list_of_port_identifiers (simple_identifier) @name))) @port
(port_declaration (_ (list_of_variable_port_identifiers (simple_identifier) @name))) @port

(type_declaration type_name: (_) @name) @type
(enum_name_declaration . (simple_identifier) @name) @enum_member
(struct_union_member (list_of_variable_decl_assignments (variable_decl_assignment name: (_) @name))) @field
(variable_decl_assignment name: (_) @name) @variable
(net_decl_assignment . (simple_identifier) @name) @net
(list_of_genvar_identifiers (simple_identifier) @name) @genvar

(module_instantiation (hierarchical_instance (name_of_instance instance_name: (_) @name))) @instance
(generate_block name: (_) @name) @block
(modport_item . (simple_identifier) @name) @modport
(property_declaration name: (_) @name) @property
(sequence_declaration name: (_) @name) @property
(constraint_declaration . (simple_identifier) @name) @constraint
(covergroup_declaration name: (_) @name) @covergroup
(clocking_declaration name: (_) @name) @clocking
(text_macro_definition (text_macro_name (simple_identifier) @name)) @macro
