;;; emacs_session.el --- an Emacs user's session with hdl-lsp  -*- lexical-binding: t -*-
;; usage: SERVER=PROGRAM IBEX=FOLDER emacs --batch -l package -f package-initialize -l hdl-lsp.el -l THIS
;; Prints one JSON object with what was answered.
;;; Code:

(require 'eglot)
(require 'flymake)
(require 'json)

(defvar seen nil "Pairs of a name and what was seen.")

(defun note (name value)
  "Remember VALUE under NAME for the output."
  (push (cons name (or value :json-false)) seen))

(defun wait (what predicate)
  "Wait until PREDICATE is true; WHAT is for the failure."
  (let ((end (+ (float-time) 60)) result)
    (while (not (setq result (funcall predicate)))
      (when (> (float-time) end) (error "Waited for %s" what))
      (accept-process-output nil 0.02))
    result))

(defun go-after (text)
  "Put point behind the first TEXT of the buffer."
  (goto-char (point-min))
  (search-forward text))

(defun errors ()
  "Texts of what Flymake shows about the name that nobody declared."
  (seq-filter (lambda (text) (string-match-p "undeclared_sig" text))
              (mapcar #'flymake-diagnostic-text (flymake-diagnostics))))

(defun buffer-of (title)
  "Text of the help window that `hdl-lsp' calls TITLE, waited for."
  (let ((name (format "*hdl-lsp %s*" title)))
    (wait name (lambda () (get-buffer name)))
    (prog1 (with-current-buffer name (buffer-string))
      (kill-buffer name))))

(defun lines-of (buffer)
  "Lines of BUFFER."
  (with-current-buffer buffer (vconcat (split-string (buffer-string) "\n" t))))

(defun design ()
  "Look at the whole design: references, drivers, the tree, a target, rename."
  (let ((before (current-buffer)))
    (find-file (expand-file-name "rtl/ibex_csr.sv" (getenv "IBEX")))
    (wait "ibex_csr.sv to be managed" #'eglot-managed-p)
    (go-after "wr_en_")
    (note 'references (vconcat (mapcar (lambda (found) (file-name-nondirectory (xref-location-group (xref-item-location found))))
                                       (xref-backend-references 'eglot (xref-backend-identifier-at-point 'eglot)))))
    (go-after "rdata_")
    (hdl-lsp-drivers)
    (note 'drivers (lines-of "*xref*"))
    (switch-to-buffer "ibex_csr.sv")
    (hdl-lsp-show-file)
    (note 'file (buffer-of "file"))
    (hdl-lsp-design)
    (with-current-buffer "*hdl-lsp design*"
      (goto-char (point-min))
      (hdl-lsp-design-toggle)
      (note 'tree (lines-of (current-buffer)))
      (forward-line)
      (hdl-lsp-design-copy-path)
      (note 'path (current-kill 0))
      (forward-line -1)
      (hdl-lsp-design-toggle)
      (note 'folded (lines-of (current-buffer))))
    (switch-to-buffer "ibex_csr.sv")
    (hdl-lsp-target "assertions")
    (note 'target (plist-get (jsonrpc-request (eglot-current-server) :hdl/targets nil) :active))
    (go-after "rdata_")
    (eglot-rename "stored_q")
    (go-after "stored_q <= wr_data_i")
    (note 'old-name-left (progn (goto-char (point-min)) (and (search-forward "rdata_q" nil t) t)))
    (set-buffer-modified-p nil)
    (switch-to-buffer before)))

(defun session ()
  "Do what a user does, in the order of a first hour."
  (let ((eglot-sync-connect 60) server)
    (setq hdl-lsp-command (list (getenv "SERVER") "serve"))
    (find-file (expand-file-name "rtl/ibex_counter.sv" (getenv "IBEX")))
    (note 'mode (symbol-name major-mode))
    (setq-local flymake-no-changes-timeout 0.1)
    (set-window-buffer (selected-window) (current-buffer)) ; Eglot answers Eldoc only for a buffer on the screen
    (apply #'eglot (eglot--guess-contact))
    (setq server (eglot-current-server))
    (note 'managed (and (eglot-managed-p) t))

    (go-after "we = counter_we_")
    (let (shown)
      (run-hook-with-args 'eldoc-documentation-functions
                          (lambda (text &rest _) (when (stringp text) (setq shown text))))
      (wait "hover" (lambda () shown))
      (note 'hover (substring-no-properties shown)))

    (let ((found (car (xref-backend-definitions 'eglot (xref-backend-identifier-at-point 'eglot)))))
      (note 'definition (xref-location-line (xref-item-location found))))

    (go-after "counter_load[31:0]  = counter_va")
    (completion-at-point)
    (note 'completed (buffer-substring-no-properties (line-beginning-position) (line-end-position)))

    (go-after "we = counter_we_i")
    (insert " & undeclared_sig")
    (eglot--signal-textDocument/didChange)
    (flymake-start)
    (wait "an error" #'errors)
    (note 'errors (vconcat (errors)))

    (go-after "we = counter_we_")
    (hdl-lsp-explain)
    (note 'explanation (buffer-of "explanation"))
    (hdl-lsp-show-engine)
    (note 'engine (buffer-of "engine"))
    (hdl-lsp-show-project)
    (note 'project (buffer-of "project"))
    (wait "a model that is ready" (lambda () (string-suffix-p ":ready" (hdl-lsp-status))))
    (note 'status (hdl-lsp-status))

    (design)

    (eglot-shutdown server nil 20)
    (note 'stopped t)
    (set-buffer-modified-p nil)))

(let ((inhibit-message t) (ring-bell-function #'ignore) failed)
  (condition-case problem (session)
    (error (setq failed t) (note 'problem (error-message-string problem))))
  (princ (json-encode seen))
  (kill-emacs (if failed 1 0)))
;;; emacs_session.el ends here
