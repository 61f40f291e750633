/// Which message structures exist, and which events share one, from version 2.4 on; before that a structure is code and event.
///
/// Shape of `events`: structure, versions (letters as in `HL7SegmentFacts`; a lone letter means from there on), events; an event of another
/// message code is written out. Shape of `structures`: message code, versions, the events that have a structure of their own.
/// Source: HL7 v2.3.1 to v2.8.2, table 0354 and chapters 3 to 17.
enum HL7StructureFacts {
    static let events = """
        ADT_A01 e|A04 A08 A13
        ADT_A05 e|A14 A28 A31
        ADT_A06 e|A07
        ADT_A09 e|A10 A11
        ADT_A09 e-e|A12
        ADT_A21 e|A22 A23 A25 A26 A27 A29 A32 A33
        ADT_A30 e-h|A34 A35 A36 A46 A47 A48 A49
        ADT_A39 e|A40 A41 A42
        ADT_A43 e-h|A44
        ADT_A43 i|A49
        ADT_A44 i|A47
        ADT_A50 e|A51
        ADT_A52 e|A53
        ADT_A52 e-g|A55
        ADT_A54 h|A55
        ADT_A61 e|A62
        CCR_I16 i|I17 I18
        CRM_C01 d|C02 C03 C04 C05 C06 C07 C08
        CSU_C09 d|C10 C11 C12
        LSU_U12 e|LSR_U13
        MDM_T01 e|T03 T05 T07 T09 T11
        MDM_T02 e|T04 T06 T08 T10
        MFN_Znn f|M14
        MFQ_M01 d-h|M02 M03 M04 M05 M06
        MFQ_M01 f-g|M07 M08 M09 M10 M11 M12 M13 M14
        ORU_R30 f|R31 R32
        ORU_R01 k|R40
        PEX_P07 d|P08
        PGL_PC6 d|PC7 PC8
        RQI_I01 e|PIN_I07 I02 I03
        PMU_B01 e|B02
        PMU_B04 e|B05 B06
        PPG_PCG d|PCH PCJ
        PPP_PCB d|PCC PCD
        PPR_PC1 d|PC2 PC3
        QBP_Q21 e|Q22 Q23 Q24 Q25
        QBP_Q21 i|Q32
        QBP_Q11 f|Q31
        QBP_Q13 e-j|Z75 Z77 Z91 Z93 Z95
        QBP_Q15 e-j|Z79 Z97
        QBP_Q11 e-j|Z81 Z85
        QBP_Q11 e|Z87 Z89
        QBP_Q13 e|Z99
        QBP_O33 k|Q33
        QBP_O34 k|Q34
        QRY_PC4 e-j|PC9 PCE PCK
        QRY_Q01 e-h|Q26 Q27 Q28 Q29 Q30
        QRY g-g|T12
        QSB_Q16 e|Z83
        QCN_J01 e|QSX_J02
        RDE_O11 f|O25
        RSP_K11 f-j|RDY_Z80 Z84
        RDY_K15 f|Z98
        REF_I12 d-g|I13 I14 I15
        REF_I12 i|I13 I14 I15
        RQA_I08 d|I09 I10 I11
        RQC_I05 e-j|I06
        RRE_O12 f|O26
        RSP_K21 f-h|K22
        RSP_K23 f|K24
        RSP_O33 k|K33
        RSP_O34 k|K34
        RTB_K13 f|Z76 Z78 Z92 Z94 Z96
        SDR_S32 h|SCN_S37 SMD_S32
        SDR_S31 h|SDN_S36
        SIU_S12 d|S13 S14 S15 S16 S17 S18 S19 S20 S21 S22 S23 S24 S26
        SIU_S12 i|S27
        SLR_S28 h|SLN_S34 SLN_S35 S29 STI_S30
        SRM_S01 d|S02 S03 S04 S05 S06 S07 S08 S09 S10 S11
        TCU_U10 e|TCR_U11
        """

    static let structures = """
        ACK e|
        ACK e-e|N02
        ADR e-h|A19
        ADT e|A01 A02 A03 A05 A06 A09 A15 A16 A17 A20 A21 A24 A37 A38 A39 A43 A45 A50 A52 A54 A60 A61
        ADT e-h|A18 A30
        ADT f|A12
        ADT i|A44
        BAR e|P01 P02 P05 P06 P10
        BAR f|P12
        BPS f|O29
        BRP f|O30
        BRT f|O32
        BTS f|O31
        CCF i|I22
        CCI i|I22
        CCM i|I21
        CCQ i|I19
        CCR i|I16
        CCU i|I20
        CQU i|I19
        CRM e|C01
        CSU e|C09
        DBC k|O41 O42
        DEL k|O46
        DEO k|O45
        DER k|O44
        DFT e|P03 P11
        DOC e-h|T12
        DPR k|O48
        DRC k|O47
        DRG k|O43
        DSR e-g|Q01 Q03
        EAC e|U07
        EAN e|U09
        EAR e|U08
        EDR e-g|R07
        EHC h|E01 E02 E04 E10 E12 E13 E15 E20 E21 E24
        EQQ e-g|Q04
        ERP e-g|R09
        ESR e|U02
        ESU e|U01
        INR e|U06
        INU e|U05
        LSU e|U12
        MDM e|T01 T02
        MFK e|M01
        MFN e|M02 M04 M05 M06 M07 M08 M09 M10 M11 M12
        MFN e-h|M01 M03
        MFN f|M13 M15 Znn
        MFN h|M16 M17
        MFN m|M18
        MFQ e-h|M01
        MFR e-h|M01
        MFR f-h|M04 M05 M06 M07
        NMD e|N02
        NMQ e-h|N01
        NMR e-h|N01
        OMB f|O27
        OMD e|O03
        OMG e|O19
        OMI f|O23
        OML e|O21
        OML f|O33 O35
        OML i|O39
        OMN e|O07
        OMP e|O09
        OMQ k|O42
        OMS e|O05
        OPL h|O37
        OPR h|O38
        OPU h|R25
        ORA i|R33
        ORA k|R41
        ORB f|O28
        ORD e|O04
        ORF e-h|R04
        ORG e|O20
        ORI f|O24
        ORL e|O22
        ORL f|O34 O36
        ORL i|O40
        ORL l|O41 O42 O43 O44
        ORM e-h|O01
        ORN e|O08
        ORP e|O10
        ORR e-h|O02
        ORS e|O06
        ORU e|R01
        ORU f|R30
        ORX k|O43
        OSM i|R26
        OSQ e-h|Q06
        OSR e-h|Q06
        OSU k|O41
        OUL e-h|R21
        OUL f|R22 R23 R24
        PEX e|P07
        PGL e|PC6
        PMU e|B01 B03 B04
        PMU f|B07 B08
        PPG e|PCG
        PPP e|PCB
        PPR e|PC1
        PPT e-j|PCL
        PPV e-j|PCA
        PRR e-j|PC5
        PTR e-j|PCF
        QBP e|Q11 Q13 Q15 Q21 Qnn Z73
        QBP e-f|K13
        QBP h|E03 E22
        QBP k|O33 O34
        QCK e-g|Q02
        QCN e|J01
        QRY e-e|T12
        QRY e-f|Q02
        QRY e-h|A19 Q01 R02
        QRY e-j|PC4
        QRY f-g|
        QRY h-h|T12
        QSB e|Q16
        QVR e|Q17
        RAR e-h|RAR
        RAS e|O17
        RCI e-j|I05
        RCL e-j|I06
        RDE e|O11
        RDR e|RDR
        RDS e|O13
        RDY e|K15
        RDY k|Z80
        REF e|I12
        RER e-h|RER
        RGR e-h|RGR
        RGV e|O15
        ROR e-h|ROR
        RPA e|I08
        RPI e|I01 I04
        RPL e|I02
        RPR e|I03
        RQA e|I08
        RQC e-j|I05
        RQI e|I01
        RQP e|I04
        RQQ e-g|Q09
        RRA e|O18
        RRD e|O14
        RRE e|O12
        RRG e|O16
        RRI e|I12
        RSP e|K11 K21 K23 K25 Z82 Z86 Z88 Z90
        RSP e-e|K13 K15 K22 K24
        RSP f|K31
        RSP f-h|Q11
        RSP h|E03 E22
        RSP i|K22 K32
        RSP k|O33 O34 Z84 Znn
        RTB e|K13 Z74
        RTB e-e|Q13
        RTB e-g|Knn
        RTB i|Knn
        SDR h|S31 S32
        SIU e|S12
        SLR h|S28
        SPQ e-g|Q08
        SQM e-h|S25
        SQR e-h|S25
        SRM e|S01
        SRR e|S01
        SSR e|U04
        SSU e|U03
        STC h|S33
        SUR e-h|P09
        TBR e-g|R08
        TCU e|U10
        UDM e-g|Q05
        UDM i|Q05
        VQQ e-g|Q07
        VXQ e-h|V01
        VXR e-h|V03
        VXU e|V04
        VXX e-h|V02
        """
}
