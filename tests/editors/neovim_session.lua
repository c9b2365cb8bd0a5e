-- A Neovim user's session with hdl-lsp, without a screen; prints one JSON object with what was answered.
-- usage: nvim --headless --clean -l neovim_session.lua HDL_LSP_LUA SERVER_PROGRAM IBEX_FOLDER
local plugin, program, ibex = _G.arg[1], _G.arg[2], _G.arg[3]
local seen = {}

vim.g.hdl_lsp = { cmd = { program, "serve" } }
vim.cmd("filetype on")
local hdl = dofile(plugin)

local function wait(what, condition)
  assert(vim.wait(60000, condition, 20), "waited for " .. what)
end

--- Line and column, from 0, of the first place in the buffer that matches a plain text; the column of its end.
local function place_after(text)
  for row, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    local _, stop = line:find(text, 1, true)
    if stop then
      return row - 1, stop
    end
  end
  error("not in the buffer: " .. text)
end

local function open(name)
  vim.cmd.edit(ibex .. "/rtl/" .. name)
  wait("hdl_lsp to attach to " .. name, function()
    local client = vim.lsp.get_clients({ bufnr = 0, name = "hdl_lsp" })[1]
    return client ~= nil and client.initialized
  end)
end

--- Puts the cursor on the last character of the first `text` in the buffer.
local function go_to(text)
  local row, column = place_after(text)
  vim.api.nvim_win_set_cursor(0, { row + 1, column - 1 })
  return row, column
end

--- The server's answer to a request about the place behind `text`, where the cursor stands in insert mode.
local function request(method, text, extra)
  local row, column = go_to(text)
  local params = vim.lsp.util.make_position_params(0, "utf-8")
  params.position = { line = row, character = column } -- the encoding is UTF-8: a column is a byte
  local answers = vim.lsp.buf_request_sync(0, method, vim.tbl_extend("force", params, extra or {}), 60000)
  local _, first = next(answers or {})
  assert(first, method .. " was not answered")
  assert(not first.err, vim.inspect(first.err))
  return first.result or vim.NIL
end

--- The text of the floating window that is open; the window is closed.
local function float()
  local found
  wait("a floating window", function()
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(window).relative ~= "" then
        found = window
      end
    end
    return found ~= nil
  end)
  local text = table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(found), 0, -1, false), "\n")
  vim.api.nvim_win_close(found, true)
  return text
end

local function is_clean()
  return #vim.diagnostic.get(0, { severity = vim.diagnostic.severity.ERROR }) == 0
end

--- The quickfix list that a command fills, waited for and emptied: its lines.
local function quickfix(command)
  vim.fn.setqflist({}, "r")
  command()
  wait("the quickfix list", function()
    return #vim.fn.getqflist() > 0
  end)
  vim.cmd.cclose()
  return vim.tbl_map(function(item)
    return vim.fs.basename(vim.api.nvim_buf_get_name(item.bufnr)) .. ": " .. item.text
  end, vim.fn.getqflist())
end

--- What issues of the whole design look like: hints, colours, references, rename, the tree, a target.
local function design()
  open("ibex_csr.sv")
  wait("inlay hints", function()
    return #vim.lsp.inlay_hint.get({ bufnr = 0 }) > 0
  end)
  seen.hint = vim.lsp.inlay_hint.get({ bufnr = 0 })[1].inlay_hint.label[1].value
  local row, column = go_to("if (wr_en_i")
  wait("semantic tokens", function()
    local tokens = vim.lsp.semantic_tokens.get_at_pos(0, row, column - 1)
    seen.token = tokens and tokens[1]
    return seen.token ~= nil
  end)
  vim.lsp.codelens.refresh({ bufnr = 0 })
  wait("a lens", function()
    local lenses = vim.lsp.codelens.get(0)
    seen.lens = lenses[1] and lenses[1].command and lenses[1].command.title
    return seen.lens ~= nil
  end)
  go_to("wr_en_i")
  seen.references = quickfix(vim.lsp.buf.references)
  seen.drivers = quickfix(function()
    go_to("rdata_q")
    vim.cmd.HdlDrivers()
  end)

  vim.cmd.HdlFile()
  seen.file = float()

  local window = vim.api.nvim_get_current_win()
  vim.cmd.HdlDesign()
  local tree = vim.api.nvim_get_current_buf()
  local function lines()
    return vim.api.nvim_buf_get_lines(tree, 0, -1, false)
  end
  wait("the tops", function()
    return lines()[1] ~= ""
  end)
  vim.api.nvim_feedkeys(vim.keycode("<Tab>"), "x", false)
  wait("the instances of the top", function()
    return #lines() > 1
  end)
  seen.tree = lines()
  vim.api.nvim_win_close(0, true)
  vim.api.nvim_set_current_win(window)

  vim.cmd.HdlTarget("assertions")
  wait("the target", function()
    local answers = vim.lsp.buf_request_sync(0, "hdl/targets", vim.empty_dict(), 60000)
    local _, first = next(answers or {})
    seen.target = first and first.result and first.result.active
    return seen.target == "assertions"
  end)

  go_to("rdata_q;")
  vim.cmd.normal({ "F_", bang = true })
  vim.lsp.buf.rename("stored_q")
  wait("the new name", function()
    return vim.fn.search("stored_q <= wr_data_i", "nw") > 0
  end)
  seen.old_name_left = vim.fn.search("rdata_q", "nw") > 0
  vim.cmd("silent undo")
end

local function session()
  open("ibex_counter.sv")
  local client = vim.lsp.get_clients({ bufnr = 0, name = "hdl_lsp" })[1]
  seen.filetype = vim.bo.filetype
  seen.encoding = client.offset_encoding
  seen.hover = request("textDocument/hover", "we = counter_we_i")
  seen.definition = request("textDocument/definition", "we = counter_we_i")
  seen.completion = request("textDocument/completion", "counter_q <= counter_d")

  local row = place_after("counter_q <= '0;")
  vim.api.nvim_buf_set_lines(0, row, row + 1, true, { "        counter_q <=" })
  wait("a suggestion; there is none while the model is loaded", function()
    seen.inline = request("textDocument/inlineCompletion", "        counter_q <=", { context = { triggerKind = 1 } })
    return #seen.inline.items > 0
  end)
  vim.cmd("silent undo")
  wait("the buffer to be without errors again", is_clean)

  local column
  row, column = place_after("we = counter_we_i")
  vim.api.nvim_buf_set_text(0, row, column, row, column, { " & /* größer */ undeclared_sig" })
  wait("a diagnostic", function()
    return not is_clean()
  end)
  seen.diagnostics = vim.diagnostic.get(0, { severity = vim.diagnostic.severity.ERROR })
  seen.typed_at = column + #" & /* größer */ "
  vim.cmd("silent undo")
  wait("the diagnostic to go", is_clean)

  go_to("we = counter_we_i")
  vim.cmd.HdlExplain()
  seen.explanation = float()
  vim.cmd.HdlEngine()
  seen.engine = float()
  vim.cmd.HdlProject()
  seen.project = float()
  wait("a model that rests", function()
    return hdl.status():find("ready", 1, true) ~= nil
  end)
  seen.status = hdl.status()

  design()

  client:stop()
  wait("the server to stop", function()
    return #vim.lsp.get_clients({ name = "hdl_lsp" }) == 0
  end)
  seen.stopped = true
end

local ok, problem = xpcall(session, debug.traceback)
seen.problem = not ok and problem or nil
io.stdout:write(vim.json.encode(seen))
vim.cmd(ok and "qall!" or "cquit 1")
