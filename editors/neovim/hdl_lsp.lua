-- hdl-lsp for Neovim 0.11 and later: source this file, or put it where `require` finds it.
--
--   vim.g.hdl_lsp = { cmd = { "hdl-lsp", "serve" }, settings = { inline = { maxTokens = 64 } } }  -- optional
--   dofile("/path/to/hdl_lsp.lua")
--
-- Commands: :HdlExplain  :HdlProject  :HdlFile  :HdlEngine  :HdlRestartWorkers
--   :HdlDesign  the instance tree: Tab unfolds, Enter opens the instance, gd its module, y copies the path, v shows its values in hovers
--   :HdlDrivers  :HdlLoads  of the signal at the cursor, in the quickfix list
--   :HdlTarget [NAME]  chooses a build      :HdlInit  proposes an hdl-lsp.toml
-- Inlay hints, colours by meaning and the number of instances above a module are on; see docs/editors/neovim.md.
-- Ghost text needs Neovim 0.12 (Tab accepts); in 0.11 the same text is an item of the completion list.
-- For a status line: require("hdl_lsp").status(), or the value that dofile() returns.

local M = {}
local user = vim.g.hdl_lsp or {}
local last ---@type table? parameters of the newest $/hdl/status
local design = {} ---@type table[] the lines of the instance tree: { instance, depth, unfolded }

if vim.fn.has("nvim-0.11") == 0 then
  vim.notify("hdl-lsp: this file needs Neovim 0.11 or later", vim.log.levels.ERROR)
  return M
end

--- Opens Markdown in a window at the cursor; `q` or moving the cursor closes it.
local function show(markdown)
  local lines = vim.split(markdown, "\n", { trimempty = true })
  vim.lsp.util.open_floating_preview(lines, "markdown", { border = "rounded", focus_id = "hdl_lsp", max_width = 100 })
end

--- The server of this buffer; in the buffer of the tree, which has none, the one that runs.
local function server()
  return vim.lsp.get_clients({ bufnr = 0, name = "hdl_lsp" })[1]
    or (vim.bo.filetype == "hdl-design" and vim.lsp.get_clients({ name = "hdl_lsp" })[1] or nil)
end

--- Sends a request to the server of this buffer and hands its answer to `use`.
local function ask(method, params, use)
  local client = server()
  if not client then
    vim.notify("hdl-lsp does not run in this buffer", vim.log.levels.WARN)
    return
  end
  client:request(method, params or vim.empty_dict(), function(err, answer)
    if err then
      vim.notify("hdl-lsp: " .. err.message, vim.log.levels.ERROR)
    else
      use(answer ~= vim.NIL and answer or nil)
    end
  end)
end

--- A table of names and values as Markdown; values that are empty are left out.
local function report(title, rows)
  local out = { "# " .. title, "" }
  for _, row in ipairs(rows) do
    local value = row[2]
    if type(value) == "table" then
      value = table.concat(value, ", ")
    end
    if value ~= nil and value ~= vim.NIL and value ~= "" then
      out[#out + 1] = ("- %s: %s"):format(row[1], value)
    end
  end
  show(table.concat(out, "\n"))
end

--- Document and position of the cursor, as a request names them.
local function here()
  local client = server()
  return vim.lsp.util.make_position_params(0, client and client.offset_encoding or "utf-16")
end

local function jump(location)
  local client = server()
  if location and location ~= vim.NIL and client then
    vim.lsp.util.show_document(location, client.offset_encoding, { focus = true })
  end
end

--- Shows locations in the quickfix list.
local function quickfix(title, locations)
  local client = server()
  local items = vim.lsp.util.locations_to_items(locations, client and client.offset_encoding or "utf-16")
  vim.fn.setqflist({}, " ", { title = title, items = items })
  vim.cmd("botright copen")
end

local function sites(method, title)
  return function()
    ask(method, here(), function(answer)
      local locations = {}
      for _, site in ipairs(answer.sites) do
        if site.location ~= vim.NIL then
          locations[#locations + 1] = site.location
        end
      end
      if #locations == 0 then
        vim.notify("hdl-lsp: " .. (answer.status ~= "" and answer.status or "nothing"))
      else
        quickfix(title .. " of " .. answer.signal.path, locations)
      end
    end)
  end
end

M.drivers = sites("hdl/drivers", "Drivers")
M.loads = sites("hdl/loads", "Loads")

--- Writes the lines of the tree into its buffer.
local function draw(buffer)
  local lines = {}
  for _, row in ipairs(design) do
    local one, parts = row.instance, {}
    for _, parameter in ipairs(one.parameters) do
      parts[#parts + 1] = parameter.name .. "=" .. parameter.value
    end
    local fold = one.children == 0 and "  " or row.unfolded and "- " or "+ "
    lines[#lines + 1] = ("  "):rep(row.depth) .. fold .. one.name .. "  " .. one.definition .. "  " .. table.concat(parts, " ")
  end
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].modifiable = false
end

--- Asks for the instances inside `path` from number `start` on and puts them below line `at`.
local function unfold(buffer, path, depth, at, start)
  ask("hdl/instances", { path = path, start = start }, function(page)
    if page.status ~= "" then
      vim.notify("hdl-lsp: " .. page.status)
    end
    for number, instance in ipairs(page.instances) do
      table.insert(design, at + number, { instance = instance, depth = depth })
    end
    local got = start + #page.instances
    if #page.instances > 0 and got < page.total then
      unfold(buffer, path, depth, at + #page.instances, got)
    end
    draw(buffer)
  end)
end

local function fold(buffer, at)
  local row = design[at]
  if not row.unfolded then
    row.unfolded = true
    unfold(buffer, row.instance.path, row.depth + 1, at, 0)
    return
  end
  row.unfolded = false
  while design[at + 1] and design[at + 1].depth > row.depth do
    table.remove(design, at + 1)
  end
  draw(buffer)
end

--- Chooses the instance whose values hovers show; "" for all.
function M.use_for_values(path)
  ask("hdl/selectInstance", { path = path }, function(answer)
    vim.notify("hdl-lsp: hovers show the values of " .. (answer.active == "" and "all instances" or answer.active))
  end)
end

--- The instance tree of the elaborated design in a window of its own.
function M.design()
  if not server() then
    ask("hdl/instances", {}, function() end) -- says that no server runs
    return
  end
  vim.cmd("topleft 60vnew")
  local buffer = vim.api.nvim_get_current_buf()
  vim.bo[buffer].buftype, vim.bo[buffer].bufhidden, vim.bo[buffer].filetype = "nofile", "wipe", "hdl-design"
  vim.wo.wrap, design = false, {}
  local function map(key, what, run)
    vim.keymap.set("n", key, function()
      local at = vim.api.nvim_win_get_cursor(0)[1]
      if design[at] then
        run(design[at].instance, at)
      end
    end, { buffer = buffer, desc = "hdl-lsp: " .. what })
  end
  local function open(place)
    return function(one)
      local location = one[place]
      vim.cmd.wincmd("p")
      jump(location)
    end
  end
  map("<Tab>", "fold or unfold", function(_, at)
    fold(buffer, at)
  end)
  map("<CR>", "open the instance", open("location"))
  map("gd", "open the module", open("definitionLocation"))
  map("y", "copy the path", function(one)
    vim.fn.setreg('"', one.path)
    vim.fn.setreg("+", one.path)
  end)
  map("v", "show its values in hovers", function(one)
    M.use_for_values(one.path)
  end)
  unfold(buffer, "", 0, 0, 0)
end

--- Chooses a build of the project: the one called `name`, or one of a list.
function M.target(name)
  local function select(chosen)
    ask("hdl/selectTarget", { name = chosen }, function(answer)
      vim.notify("hdl-lsp: target " .. (answer.active == "" and "none" or answer.active))
    end)
  end
  if name and name ~= "" then
    return select(name)
  end
  ask("hdl/targets", nil, function(answer)
    if #answer.targets == 0 then
      return vim.notify("hdl-lsp: this project names no targets")
    end
    local names = vim.tbl_map(function(one)
      return one.name
    end, answer.targets)
    vim.ui.select(names, { prompt = "Target (now: " .. answer.active .. ")" }, function(chosen)
      if chosen then
        select(chosen)
      end
    end)
  end)
end

--- Proposes an hdl-lsp.toml; the server asks before the file is created.
function M.init()
  ask("workspace/executeCommand", { command = "hdl.init", arguments = {} }, function() end)
end

function M.explain()
  ask("hdl/explain", here(), function(answer)
    if answer then
      show(answer.markdown)
    else
      vim.notify("hdl-lsp: there is nothing to explain here")
    end
  end)
end

function M.project()
  ask("hdl/projectStatus", nil, function(project)
    report("Project", {
      { "Decided by", project.source },
      { "Because", project.detail },
      { "Sources", project.sources },
      { "Top modules", project.tops },
      { "Include folders", project.includeDirs },
      { "Macros", project.defines },
    })
  end)
end

function M.file()
  ask("hdl/fileInfo", { textDocument = vim.lsp.util.make_text_document_params() }, function(file)
    if not file then
      return vim.notify("hdl-lsp: this file is not one of the design's")
    end
    report("File", {
      { "Decided by", file.rule },
      { "Because", file.why },
      { "Part of the project as", file.role },
      { "Target", file.target },
      { "Top modules", file.tops },
      { "Include folders", file.includeDirs },
      { "Macros", file.defines },
      { "Files whose macros count", file.macroFiles },
      { "Compiled inside", file.compiledIn },
      { "Includes not found", file.unresolvedIncludes },
      { "Macros not found", file.unresolvedMacros },
      { "Modules and packages not found", file.unresolvedNames },
      { "Not compiled, because", file.factsFailure },
    })
  end)
end

function M.engine()
  ask("hdl/engineStatus", nil, function(engine)
    report("Engine", {
      { "State", engine.state },
      { "Model", engine.model },
      { "Device", engine.device },
      { "Context", engine.contextTokens .. " tokens" },
      { "Fill in the middle", engine.fim },
      { "Tokens per second", engine.tokensPerS },
      { "Restarts", engine.restarts },
      { "Remark", engine.detail },
    })
  end)
end

function M.restart_workers()
  ask("hdl/restartWorkers", nil, function()
    vim.notify("hdl-lsp: the model and the analysis have been started again")
  end)
end

--- One short text for the status line; empty before the server has said anything.
function M.status()
  if not last then
    return ""
  end
  if last.engine.state == "failed" then
    return "hdl: model failed"
  end
  if last.analysis.shallow == "failed" or last.analysis.design == "failed" then
    return "hdl: analysis failed"
  end
  if last.indexing and last.indexing ~= vim.NIL then
    return ("hdl: %d/%d files"):format(last.indexing.done, last.indexing.total)
  end
  return last.engine.state == "off" and "hdl: no model" or ("hdl: %s %s"):format(last.engine.model, last.engine.state)
end

vim.filetype.add({ extension = { sv = "systemverilog", svh = "systemverilog", svi = "systemverilog" } })

vim.lsp.config("hdl_lsp", {
  cmd = user.cmd or { "hdl-lsp", "serve" },
  filetypes = { "systemverilog", "verilog" },
  root_markers = { "hdl-lsp.toml", ".git" },
  init_options = vim.tbl_extend("force", user.settings or {}, { hdlStatus = true }),
  settings = { hdl = user.settings },
  handlers = {
    ["$/hdl/status"] = function(_, params)
      last = params
      vim.cmd.redrawstatus()
    end,
  },
  -- What the code action "Explain" runs: its answer is meant to be read.
  commands = {
    ["hdl.explain"] = function(command)
      ask("workspace/executeCommand", { command = command.command, arguments = command.arguments }, function(answer)
        if type(answer) == "table" and answer.markdown then
          show(answer.markdown)
        end
      end)
    end,
    -- What the line above a module runs.
    ["hdl.showInstances"] = function(command)
      quickfix("Instances of " .. command.arguments[1].definition, command.arguments[1].locations)
    end,
  },
})
vim.lsp.enable("hdl_lsp")
-- Code that is not compiled looks like a comment; your colour scheme may say otherwise.
vim.api.nvim_set_hl(0, "@lsp.mod.inactive", { link = "Comment", default = true })

vim.api.nvim_create_user_command("HdlExplain", M.explain, { desc = "hdl-lsp: explain what is at the cursor" })
vim.api.nvim_create_user_command("HdlProject", M.project, { desc = "hdl-lsp: which files make the design, and why" })
vim.api.nvim_create_user_command("HdlEngine", M.engine, { desc = "hdl-lsp: the model and the device it runs on" })
vim.api.nvim_create_user_command("HdlFile", M.file, { desc = "hdl-lsp: how this file is compiled, and why" })
vim.api.nvim_create_user_command("HdlDesign", M.design, { desc = "hdl-lsp: the instance tree" })
vim.api.nvim_create_user_command("HdlDrivers", M.drivers, { desc = "hdl-lsp: what drives the signal at the cursor" })
vim.api.nvim_create_user_command("HdlLoads", M.loads, { desc = "hdl-lsp: what reads the signal at the cursor" })
vim.api.nvim_create_user_command("HdlTarget", function(command)
  M.target(command.args)
end, { nargs = "?", desc = "hdl-lsp: choose a build of the project" })
vim.api.nvim_create_user_command("HdlInit", M.init, { desc = "hdl-lsp: propose an hdl-lsp.toml" })
vim.api.nvim_create_user_command("HdlRestartWorkers", M.restart_workers, { desc = "hdl-lsp: start model and analysis again" })

vim.api.nvim_create_autocmd("LspAttach", {
  group = vim.api.nvim_create_augroup("hdl_lsp", { clear = true }),
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if not client or client.name ~= "hdl_lsp" then
      return
    end
    vim.lsp.completion.enable(true, client.id, event.buf)
    vim.lsp.inlay_hint.enable(true, { bufnr = event.buf })
    vim.lsp.codelens.refresh({ bufnr = event.buf })
    vim.api.nvim_create_autocmd({ "BufEnter", "InsertLeave" }, {
      group = "hdl_lsp",
      buffer = event.buf,
      callback = function()
        vim.lsp.codelens.refresh({ bufnr = event.buf })
      end,
    })
    if vim.lsp.inline_completion then
      vim.lsp.inline_completion.enable(true, { bufnr = event.buf })
      vim.keymap.set("i", "<Tab>", function()
        return vim.lsp.inline_completion.get() and "" or "<Tab>"
      end, { buffer = event.buf, expr = true, desc = "hdl-lsp: accept ghost text" })
    end
  end,
})

package.loaded["hdl_lsp"] = M
return M
