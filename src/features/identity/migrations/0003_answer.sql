-- store: named  file: record
-- Who answers for an outlet to the office (answer), and who signs when that changes hands (hand_over).
INSERT INTO role_capability (role, capability) VALUES
    ('责任编辑', 'answer'), ('总编', 'answer'), ('指导教师', 'answer'),
    ('责任编辑', 'hand_over'), ('总编', 'hand_over'), ('指导教师', 'hand_over'),
    ('登记员', 'hand_over'), ('管理员', 'hand_over');
