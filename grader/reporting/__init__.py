"""From results to what people read: grades.json, grades.csv, HTML pages, and files for other platforms.

Rendering is pure: results in, text out. Every renderer first cleans what it is given, because ids, messages and
notes may quote a submission.

- `write` puts a class's files into a folder; `files` says where they are and writes them whole or not at all
- `grades_json`, `grades_csv`: the two files about all submissions; `exports/`: one module for each other platform;
  `returning/`: score, comment and page back to each student
- `page` renders every HTML page: templates, styles, content security policy; `charts` and `figure` draw the SVG
- `submission_page`: the student's and the staff's page; `class_index`: the staff's page about all of them,
  where `shared_flags` says what most of a class shares
- `class_report`: the pages of `numgrade report`; `similarity_pages`: those about similar answers
- `code_view` shows what was written, with findings and comments at its lines, which `code_places` finds again;
  `prose` renders what people write
- `markdown`: a result as text for a pull request
- `requests`: the text by which a student asks for another look, and how it is read out of mails
- `standing` adds up a submission's parts, `class_statistics` a class; `outcomes` names what came out
- `similarity` compares answers as `similarity_tokens`; `similarity_answers` gathers them
- `text` makes what a submission says safe to show
"""
