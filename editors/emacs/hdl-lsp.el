;;; hdl-lsp.el --- SystemVerilog and Verilog with a local model  -*- lexical-binding: t -*-

;; Package-Requires: ((emacs "28.1"))
;; Keywords: languages, tools

;;; Commentary:

;; Load this file, then open a SystemVerilog file and say M-x eglot, or M-x lsp:
;;
;;   (load "/path/to/hdl-lsp.el")
;;   (add-hook 'verilog-mode-hook #'eglot-ensure)
;;
;; Eglot (Emacs 28 with the package, 29 and later as they are):
;;   M-x hdl-lsp-explain, hdl-lsp-show-engine, hdl-lsp-show-project, hdl-lsp-show-file, hdl-lsp-restart-workers
;;   M-x hdl-lsp-design shows the instance tree, hdl-lsp-drivers and hdl-lsp-loads those of the signal at point,
;;   hdl-lsp-target chooses a build, hdl-lsp-propose-config proposes an hdl-lsp.toml;
;;   and a short text about the model in the mode line.
;; lsp-mode: the server is registered; from lsp-mode 10 on there is ghost text, accepted with C-c y.
;; Eglot has no ghost text; there the same text is an item of the completion list.

;;; Code:

(require 'cl-lib)
(require 'xref)

(defgroup hdl-lsp nil
  "SystemVerilog and Verilog with a local model."
  :group 'tools)

(defcustom hdl-lsp-command '("hdl-lsp" "serve")
  "The program that is the server, and its arguments."
  :type '(repeat string))

(defcustom hdl-lsp-settings nil
  "Settings of the server as a property list.
For instance (:inline (:maxTokens 64))."
  :type 'plist)

(defvar hdl-lsp--modes '(verilog-mode verilog-ts-mode systemverilog-mode)
  "Major modes whose buffers belong to the server.")

(defvar hdl-lsp--status nil
  "Parameters of the newest $/hdl/status as a property list.")

(defun hdl-lsp-status ()
  "A short text about the model and the analysis for the mode line."
  (let* ((engine (plist-get hdl-lsp--status :engine))
         (analysis (plist-get hdl-lsp--status :analysis))
         (state (plist-get engine :state)))
    (cond ((null hdl-lsp--status) "")
          ((equal state "failed") " hdl:model-failed")
          ((or (equal (plist-get analysis :shallow) "failed")
               (equal (plist-get analysis :design) "failed"))
           " hdl:analysis-failed")
          ((equal state "off") " hdl:no-model")
          (t (format " hdl:%s:%s" (plist-get engine :model) state)))))

(defun hdl-lsp--show (title markdown)
  "Show MARKDOWN in a help window called TITLE."
  (with-current-buffer (get-buffer-create (format "*hdl-lsp %s*" title))
    (let ((inhibit-read-only t))
      (erase-buffer)
      (insert markdown)
      (goto-char (point-min))
      (when (fboundp 'gfm-view-mode) (gfm-view-mode))
      (setq buffer-read-only t))
    (display-buffer (current-buffer))))

(defun hdl-lsp--report (title answer rows)
  "Show the values of the property list ANSWER under TITLE.
ROWS are pairs of a name and a property; empty values are left out."
  (hdl-lsp--show
   title
   (concat "# " (capitalize title) "\n\n"
           (mapconcat
            (lambda (row)
              (let ((value (plist-get answer (cdr row))))
                (if (member value '(nil "" [])) ""
                  (format "- %s: %s\n" (car row)
                          (if (vectorp value) (mapconcat #'identity value ", ") value)))))
            rows ""))))

;;; Eglot

(declare-function eglot-current-server "eglot")
(declare-function eglot--TextDocumentPositionParams "eglot")
(declare-function eglot--TextDocumentIdentifier "eglot")
(declare-function eglot--uri-to-path "eglot")
(declare-function jsonrpc-request "jsonrpc")
(declare-function jsonrpc-async-request "jsonrpc")
(defvar eglot-server-programs)

(defun hdl-lsp--server ()
  "The Eglot server of this buffer, or an error that says there is none."
  (or (and (fboundp 'eglot-current-server) (eglot-current-server))
      (user-error "The server hdl-lsp does not run in this buffer; start it with M-x eglot")))

;;;###autoload
(defun hdl-lsp-explain ()
  "Explain what is at point, in words.
The answer comes when the model has written it."
  (interactive)
  (jsonrpc-async-request
   (hdl-lsp--server) :hdl/explain (eglot--TextDocumentPositionParams)
   :success-fn (lambda (answer)
                 (if answer (hdl-lsp--show "explanation" (plist-get answer :markdown))
                   (message "There is nothing to explain here")))
   :error-fn (lambda (err) (message "hdl-lsp: %s" (plist-get err :message)))
   :timeout 120))

;;;###autoload
(defun hdl-lsp-show-engine ()
  "Show the model, the device it runs on, and how it is doing."
  (interactive)
  (hdl-lsp--report "engine" (jsonrpc-request (hdl-lsp--server) :hdl/engineStatus nil)
                   '(("State" . :state) ("Model" . :model) ("Device" . :device)
                     ("Context, in tokens" . :contextTokens) ("Fill in the middle" . :fim)
                     ("Tokens per second" . :tokensPerS) ("Restarts" . :restarts)
                     ("Remark" . :detail))))

;;;###autoload
(defun hdl-lsp-show-project ()
  "Show which files make the design, and why."
  (interactive)
  (hdl-lsp--report "project" (jsonrpc-request (hdl-lsp--server) :hdl/projectStatus nil)
                   '(("Decided by" . :source) ("Because" . :detail) ("Sources" . :sources)
                     ("Top modules" . :tops) ("Include folders" . :includeDirs)
                     ("Macros" . :defines))))

;;;###autoload
(defun hdl-lsp-restart-workers ()
  "Start the model and the analysis again."
  (interactive)
  (jsonrpc-request (hdl-lsp--server) :hdl/restartWorkers nil)
  (message "The model and the analysis have been started again"))

;;;###autoload
(defun hdl-lsp-show-file ()
  "Show how this file is compiled, and why."
  (interactive)
  (let ((answer (jsonrpc-request (hdl-lsp--server) :hdl/fileInfo
                                 (list :textDocument (eglot--TextDocumentIdentifier)))))
    (unless answer (user-error "This file is not one of the design's"))
    (hdl-lsp--report "file" answer
                     '(("Decided by" . :rule) ("Because" . :why) ("Part of the project as" . :role)
                       ("Target" . :target) ("Top modules" . :tops) ("Include folders" . :includeDirs)
                       ("Macros" . :defines) ("Files whose macros count" . :macroFiles)
                       ("Compiled inside" . :compiledIn) ("Includes not found" . :unresolvedIncludes)
                       ("Macros not found" . :unresolvedMacros)
                       ("Modules and packages not found" . :unresolvedNames)
                       ("Not compiled, because" . :factsFailure)))))

;;;###autoload
(defun hdl-lsp-target (name)
  "Choose the build called NAME; empty takes the choice back."
  (interactive
   (let* ((answer (jsonrpc-request (hdl-lsp--server) :hdl/targets nil))
          (names (mapcar (lambda (one) (plist-get one :name)) (plist-get answer :targets))))
     (unless names (user-error "This project names no targets"))
     (list (completing-read (format "Target (now: %s): " (plist-get answer :active)) names nil t))))
  (let ((answer (jsonrpc-request (hdl-lsp--server) :hdl/selectTarget (list :name name) :timeout 120)))
    (message "Target: %s" (if (equal (plist-get answer :active) "") "none" (plist-get answer :active)))))

;;;###autoload
(defun hdl-lsp-propose-config ()
  "Propose an hdl-lsp.toml; the server asks before the file is created."
  (interactive)
  (jsonrpc-async-request (hdl-lsp--server) :workspace/executeCommand '(:command "hdl.init" :arguments [])
                         :success-fn #'ignore :timeout 600
                         :error-fn (lambda (err) (message "hdl-lsp: %s" (plist-get err :message)))))

(defun hdl-lsp--xref (location summary)
  "An xref for the LSP LOCATION that reads SUMMARY."
  (let ((start (plist-get (plist-get location :range) :start)))
    (xref-make summary (xref-make-file-location (eglot--uri-to-path (plist-get location :uri))
                                                (1+ (plist-get start :line))
                                                (plist-get start :character)))))

(defun hdl-lsp--sites (method)
  "Show what METHOD answers about the signal at point."
  (let* ((answer (jsonrpc-request (hdl-lsp--server) method (eglot--TextDocumentPositionParams) :timeout 120))
         (found (cl-loop for site across (plist-get answer :sites)
                         when (plist-get site :location)
                         collect (hdl-lsp--xref (plist-get site :location) (plist-get site :text)))))
    (unless found (user-error "%s" (if (equal (plist-get answer :status) "") "Nothing" (plist-get answer :status))))
    (xref-show-xrefs (lambda () found) nil)))

;;;###autoload
(defun hdl-lsp-drivers ()
  "Show what drives the signal at point in the elaborated design."
  (interactive)
  (hdl-lsp--sites :hdl/drivers))

;;;###autoload
(defun hdl-lsp-loads ()
  "Show what reads the signal at point in the elaborated design."
  (interactive)
  (hdl-lsp--sites :hdl/loads))

;;; The instance tree

(defvar-local hdl-lsp--design-server nil "The server that the tree of this buffer asks.")

(defvar hdl-lsp-design-mode-map
  (let ((map (make-sparse-keymap)))
    (define-key map (kbd "TAB") #'hdl-lsp-design-toggle)
    (define-key map (kbd "RET") #'hdl-lsp-design-open)
    (define-key map "m" #'hdl-lsp-design-open-module)
    (define-key map "w" #'hdl-lsp-design-copy-path)
    (define-key map "v" #'hdl-lsp-design-use-for-values)
    map)
  "Keys of the instance tree.")

(define-derived-mode hdl-lsp-design-mode special-mode "HDL-Design"
  "Instances of the elaborated design.
\\{hdl-lsp-design-mode-map}"
  (setq truncate-lines t))

;;;###autoload
(defun hdl-lsp-design ()
  "Show the instance tree of the elaborated design."
  (interactive)
  (let ((server (hdl-lsp--server)))
    (with-current-buffer (get-buffer-create "*hdl-lsp design*")
      (hdl-lsp-design-mode)
      (setq hdl-lsp--design-server server)
      (let ((inhibit-read-only t))
        (erase-buffer)
        (hdl-lsp--design-insert "" 0 0))
      (goto-char (point-min))
      (pop-to-buffer (current-buffer)))))

(defun hdl-lsp--design-insert (path depth start)
  "Insert the instances inside PATH from number START on, DEPTH levels deep, at point."
  (let* ((page (jsonrpc-request hdl-lsp--design-server :hdl/instances (list :path path :start start) :timeout 120))
         (got (+ start (length (plist-get page :instances)))))
    (unless (equal (plist-get page :status) "") (message "hdl-lsp: %s" (plist-get page :status)))
    (cl-loop for one across (plist-get page :instances)
             do (insert (propertize (hdl-lsp--design-line one depth) 'hdl-lsp-instance one 'hdl-lsp-depth depth)))
    (when (< start got (plist-get page :total)) (hdl-lsp--design-insert path depth got))))

(defun hdl-lsp--design-line (one depth)
  "The line of the instance ONE."
  (format "%s%s %s  %s  %s\n" (make-string (* 2 depth) ?\s) (if (zerop (plist-get one :children)) " " "+")
          (plist-get one :name) (plist-get one :definition)
          (mapconcat (lambda (it) (format "%s=%s" (plist-get it :name) (plist-get it :value)))
                     (plist-get one :parameters) " ")))

(defun hdl-lsp--instance ()
  "The instance of this line."
  (or (get-text-property (line-beginning-position) 'hdl-lsp-instance) (user-error "No instance on this line")))

(defun hdl-lsp-design-toggle ()
  "Fold or unfold the instance of this line."
  (interactive)
  (let ((one (hdl-lsp--instance)) (inhibit-read-only t)
        (depth (get-text-property (line-beginning-position) 'hdl-lsp-depth)))
    (save-excursion
      (forward-line)
      (let ((start (point)))
        (while (> (or (get-text-property (point) 'hdl-lsp-depth) -1) depth) (forward-line))
        (if (> (point) start) (delete-region start (point))
          (hdl-lsp--design-insert (plist-get one :path) (1+ depth) 0))))))

(defun hdl-lsp--design-go (place)
  "Go to the PLACE of the instance of this line."
  (let ((location (or (plist-get (hdl-lsp--instance) place) (user-error "It is in no file"))))
    (xref-pop-to-location (hdl-lsp--xref location "") 'window)))

(defun hdl-lsp-design-open ()
  "Go to where this instance is written."
  (interactive)
  (hdl-lsp--design-go :location))

(defun hdl-lsp-design-open-module ()
  "Go to the module of this instance."
  (interactive)
  (hdl-lsp--design-go :definitionLocation))

(defun hdl-lsp-design-copy-path ()
  "Copy the hierarchical path of this instance."
  (interactive)
  (kill-new (plist-get (hdl-lsp--instance) :path)))

(defun hdl-lsp-design-use-for-values ()
  "Have hovers show the values of this instance."
  (interactive)
  (jsonrpc-request hdl-lsp--design-server :hdl/selectInstance (list :path (plist-get (hdl-lsp--instance) :path)))
  (message "Hovers show the values of %s" (plist-get (hdl-lsp--instance) :path)))

;;; Eglot's own part

(with-eval-after-load 'eglot
  (dolist (mode hdl-lsp--modes)
    (put mode 'eglot-language-id "systemverilog"))
  (setq eglot-server-programs
        (cons (cons hdl-lsp--modes
                    (lambda (&rest _)
                      (append hdl-lsp-command
                              (list :initializationOptions
                                    (append hdl-lsp-settings '(:hdlStatus t))))))
              eglot-server-programs))
  (cl-defmethod eglot-handle-notification (_server (_method (eql $/hdl/status)) &rest params)
    "Keep the status for the mode line."
    (setq hdl-lsp--status params)
    (force-mode-line-update t))
  ;; The code action "Explain" runs the command hdl.explain; its answer is meant to be read.
  (cl-defmethod eglot-execute-command :around (_server (_command (eql hdl.explain)) _arguments)
    "Show the explanation (Eglot up to 1.14)."
    (hdl-lsp--show-answer (cl-call-next-method)))
  (when (fboundp 'eglot-execute)
    (cl-defmethod eglot-execute :around (_server action)
      "Show the explanation (Eglot from 1.15 on)."
      (let* ((answer (cl-call-next-method))
             (command (plist-get action :command))
             (name (if (stringp command) command (plist-get command :command))))
        (if (equal name "hdl.explain") (hdl-lsp--show-answer answer) answer))))
  (add-to-list 'mode-line-misc-info '(eglot--managed-mode (:eval (hdl-lsp-status)))))

(defun hdl-lsp--show-answer (answer)
  "Show ANSWER when it is an explanation; ANSWER itself."
  (when (stringp (plist-get answer :markdown))
    (hdl-lsp--show "explanation" (plist-get answer :markdown)))
  answer)

;;; lsp-mode

(declare-function lsp-register-client "lsp-mode")
(declare-function make-lsp-client "lsp-mode")
(declare-function lsp-stdio-connection "lsp-mode")
(declare-function lsp-inline-completion-accept "lsp-inline-completion")
(defvar lsp-language-id-configuration)
(defvar lsp-inline-completion-active-map)

(with-eval-after-load 'lsp-mode
  (dolist (mode hdl-lsp--modes)
    (add-to-list 'lsp-language-id-configuration (cons mode "systemverilog")))
  (lsp-register-client
   (make-lsp-client :new-connection (lsp-stdio-connection (lambda () hdl-lsp-command))
                    :activation-fn (lambda (_file mode) (memq mode hdl-lsp--modes))
                    :initialization-options (lambda () hdl-lsp-settings)
                    :priority 1
                    :server-id 'hdl-lsp)))

(with-eval-after-load 'lsp-inline-completion
  ;; The default key, C-RET, is one that terminals do not send.
  (define-key lsp-inline-completion-active-map (kbd "C-c y") #'lsp-inline-completion-accept))

(provide 'hdl-lsp)
;;; hdl-lsp.el ends here
